"""The front matter of the files a curator writes: YAML with the line of each key, salvaged key
by key where it is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import yaml
from frontmatter.default_handlers import YAMLHandler

from digest.errors import Problem
from digest.schema import shown, suggest

_FENCE = re.compile(r"^-{3,}[ \t]*$", re.M)
_KEY = re.compile(r"""^(?:"([^"\n]+)"|'([^'\n]+)'|([^\s#'"\-][^:\n]*?))[ \t]*:(?=\s|$)""")
_YAML = YAMLHandler()


class FrontMatter(NamedTuple):
    """The values by key, the line each key stands on, the Markdown below, and what was wrong."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    body: str
    problems: tuple[Problem, ...]


def split_front_matter(text: str, path: str, known: Sequence[str]) -> FrontMatter:
    """Reads the YAML between two lines of `---` at the top of `text`.

    A key that cannot be parsed is reported with its line, and the others are used; keys not in
    `known` and keys given twice are reported and left out. Without a closing fence all is body.
    """
    text = text.lstrip("\ufeff")
    if not re.match(r"-{3,}[ \t]*(?:\n|$)", text):
        return FrontMatter({}, {}, text, ())
    fences = list(_FENCE.finditer(text))
    if len(fences) < 2:
        message = "the front matter has no closing line of --- (expected one below its keys); read as text"
        problem = Problem("front-matter-broken", message, path, 1)
        return FrontMatter({}, {}, text[fences[0].end() :], (problem,))
    block, body = text[fences[0].end() + 1 : fences[1].start()], text[fences[1].end() :]
    values, lines, problems = _read_block(block, path)
    for key in [k for k in values if k not in known]:
        hint = suggest(key, known) or " (expected one of " + ", ".join(known) + ")"
        message = f"{key!r} is not a key here{hint}; left out"
        problems.append(Problem("key-unknown", message, path, lines.get(key, 0)))
        del values[key]
    return FrontMatter(values, lines, body, tuple(problems))


class Fields:
    """Typed access to front matter: what has a wrong type is reported and read as missing."""

    def __init__(self, front: FrontMatter, path: str, source: str) -> None:
        self._problems = list(front.problems)
        self._front = front
        self._path = path
        self._source = source.split("\n")
        self._starts = frozenset(front.lines.values())

    def line_of(self, key: str, value: str = "") -> int:
        """The line of `key`, or that of the item `value` below it; 0 where there is no such key."""
        start = self._front.lines.get(key, 0)
        if not (value and start):
            return start
        item = re.compile(rf"(?:^|[\s\[,:\"']){re.escape(value)}(?=$|[\s\],\"'])")
        for number in range(start, len(self._source) + 1):
            line = self._source[number - 1]
            if number > start and (_FENCE.match(line) or number in self._starts):
                break
            if item.search(line):
                return number
        return start

    def text(self, key: str) -> str:
        """One line of text; empty if there is none. Numbers are as good as text."""
        value = self._front.values.get(key)
        if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
            return " ".join(str(value).split()) if value is not None else ""
        self.fault(key, f"{key} is {shown(value)} (expected a text); left out")
        return ""

    def number(self, key: str) -> int:
        """A whole number; 0 if there is none."""
        value = self._front.values.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value or 0
        self.fault(key, f"{key} is {shown(value)} (expected a whole number); left out")
        return 0

    def flag(self, key: str) -> bool:
        """True or false; false if there is none."""
        value = self._front.values.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(key, f"{key} is {shown(value)} (expected true or false); left out")
        return False

    def day(self, key: str) -> str | None:
        """A day as `YYYY-MM-DD`."""
        value = self._front.values.get(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        day = parse_day(str(value).strip())
        if day is None:
            self.fault(key, f"{key} is {shown(value)} (expected a day, YYYY-MM-DD); left out")
        return day

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        value = self._front.values.get(key)
        items = value if isinstance(value, list) else [] if value is None else [value]
        found: list[str] = []
        for item in items:
            if isinstance(item, bool) or not isinstance(item, str | int | float | date):
                self.fault(key, f"{key} holds {shown(item)} (expected a list of texts); left out")
            elif str(item).strip():
                found.append(str(item).strip())
        return tuple(dict.fromkeys(found))

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts. A plain list of texts is one group; a text among lists is a
        group of its own."""
        value = self._front.values.get(key)
        if not isinstance(value, list) or not any(isinstance(item, list) for item in value):
            flat = self.texts(key)
            return (flat,) if flat else ()
        groups: list[tuple[str, ...]] = []
        for item in value:
            inner = item if isinstance(item, list) else [item]
            words = [str(w).strip() for w in inner if isinstance(w, str | int) and not isinstance(w, bool)]
            if len(words) < len(inner):
                self.fault(key, f"{key} holds what is no text (expected texts, or lists of texts); left out")
            if any(words):
                groups.append(tuple(dict.fromkeys(w for w in words if w)))
        return tuple(groups)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that was found wrong so far, in the order of lines."""
        return tuple(sorted(self._problems, key=lambda p: (p.line, p.message)))

    def fault(self, key: str, message: str) -> None:
        """Reports a value of `key` that cannot be used."""
        self._problems.append(Problem("value-wrong", message, self._path, self.line_of(key)))


def parse_day(text: str) -> str | None:
    """`text` if it is a day of the calendar, `YYYY-MM-DD`."""
    try:
        return date.fromisoformat(text).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _read_block(block: str, path: str) -> tuple[dict[str, Any], dict[str, int], list[Problem]]:
    try:
        whole = _YAML.load(block) or {}
    except (yaml.YAMLError, ValueError):
        whole = None
    values: dict[str, Any] = {str(k): v for k, v in whole.items()} if isinstance(whole, dict) else {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for line, key, chunk in _chunks(block):
        if key in lines:
            message = f"{key!r} is given twice; the one in line {lines[key]} is left out"
            problems.append(Problem("key-twice", message, path, line))
        if key:
            lines[key] = line
        if isinstance(whole, dict):
            continue
        if not key:
            message = f"{shown(chunk.strip())} is no 'key: value' of the front matter; left out"
            problems.append(Problem("front-matter-broken", message, path, line))
            continue
        try:
            values[key] = next(iter(_YAML.load(chunk).values()))
        except (yaml.YAMLError, AttributeError, ValueError) as error:
            problems.append(_broken(error, key, path, line))
    return values, lines, problems


def _chunks(block: str) -> Iterator[tuple[int, str, str]]:
    # Line, key and text of each top-level entry; the key is empty where no entry begins.
    start, key, chunk = 0, "", list[str]()
    for number, line in enumerate(block.split("\n"), 2):
        match = _KEY.match(line)
        continues = line[:1] in ("", " ", "\t", "-", "#", "]", "}")
        if match or not (chunk and continues):
            if chunk:
                yield start, key, "\n".join(chunk)
            chunk = []
            if not line.strip() or line.startswith("#"):
                continue
            start, key = number, (match[1] or match[2] or match[3]) if match else ""
        chunk.append(line)
    if chunk:
        yield start, key, "\n".join(chunk)


def _broken(error: Exception, key: str, path: str, line: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = str(error).split("\n", 1)[0]
    if isinstance(error, yaml.MarkedYAMLError):
        what = error.problem or error.context or what
    where = line + (mark.line if mark else 0)
    return Problem("front-matter-broken", f"{key!r} is not valid YAML: {what}; left out", path, where)

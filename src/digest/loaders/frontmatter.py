"""Front matter: the regular shape by one regex, the rest by YAML, broken YAML line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

_BLOCK = re.compile(r"\A\s*---[ \t]*\n((?:.*?\n)??)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
# One line of the shape nearly all scraped files have. What it accepts, YAML reads the same way.
_PLAIN = r"[A-Za-z\u3400-\u9fff(（][^\n:#\[\]{}\"'&*!|>%@`,]*"
_LINE = re.compile(
    rf"^([A-Za-z_][\w-]*):(?: \"([^\"\\\n]*)\"| \[ ?({_PLAIN}(?:, {_PLAIN})*) ?\]| ({_PLAIN}|https?://[^\s#\"']*))?[ ]*$"
)
_TIMESTAMP = re.compile(r"^date: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d))[ ]*$")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
_LENIENT = re.compile(r"^([A-Za-z_][\w-]*)\s*:[ \t]*(.*)$")


class Front(NamedTuple):
    """The fields (empty if there is no front matter), the text behind it, its first line there
    (from 1), and a fault with its line, if YAML refused it."""

    fields: Mapping[str, Any]
    body: str
    line: int
    fault: str = ""
    fault_line: int = 0


def split_front(text: str) -> Front:
    """Cut the front matter off a file's text."""
    if not text.startswith("---") and not text[:20].lstrip().startswith("---"):
        return Front({}, text, 1)
    found = _BLOCK.match(text)
    if not found:
        return Front({}, text, 1)
    source = found[1].rstrip("\n")
    body = text[found.end() :]
    line = text.count("\n", 0, found.end()) + 1
    fields = _read_regular(source)
    if fields is not None:
        return Front(fields, body, line)
    return _read_yaml(text, source, body, line)


def _read_regular(source: str) -> dict[str, Any] | None:
    fields: dict[str, Any] = {}
    for row in source.split("\n"):
        found = _LINE.match(row)
        if found is None:
            stamp = _TIMESTAMP.match(row)
            if stamp is None:
                return None
            try:
                fields["date"] = datetime.fromisoformat(stamp[1])
            except ValueError:
                return None
            continue
        key, quoted, items, plain = found.groups()
        if quoted is not None:
            fields[key] = quoted
        elif items is not None:
            values = [item.strip() for item in items.split(",")]
            if any(v.lower() in _WORDS for v in values):
                return None
            fields[key] = values
        elif plain is not None:
            plain = plain.strip()
            fields[key] = plain
            if plain.lower() in _WORDS:
                if plain != "True":
                    return None
                fields[key] = True
        else:
            fields[key] = None
    return fields


def _read_yaml(text: str, source: str, body: str, line: int) -> Front:
    import frontmatter
    import yaml

    handler = frontmatter.YAMLHandler()
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        fields = handler.load(source, Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        at = getattr(error, "problem_mark", None)
        first = text.count("\n", 0, text.index(source)) + 1 if source else 2
        where = first + (at.line if at else 0)
        what = " ".join(str(getattr(error, "problem", None) or error).split())
        return Front(
            _read_lines(source), body, line, f"the front matter is no YAML ({what}); read line by line", where
        )
    if not isinstance(fields, dict):
        if fields is None:
            return Front({}, body, line)
        # Two rules with prose between them are no front matter.
        return Front({}, text, 1)
    return Front({str(key): value for key, value in fields.items()}, body, line)


def _read_lines(source: str) -> dict[str, Any]:
    """`key: value` lines as they come; quotes around values and brackets around lists are taken off."""
    fields: dict[str, Any] = {}
    for row in source.split("\n"):
        found = _LENIENT.match(row)
        if not found:
            continue
        value = found[2].strip()
        if len(value) > 1 and value[0] == "[" and value[-1] == "]":
            fields[found[1]] = [item.strip().strip("\"'") for item in value[1:-1].split(",")]
            continue
        if value[:1] in "\"'":
            quote = value[0] if value else ""
            value = value[1:-1] if len(value) > 1 and value.endswith(quote) else value[1:]
            value = value.replace('\\"', '"')
        fields[found[1]] = value
    return fields


def as_text(value: object) -> str:
    """A field as one string; lists and mappings are none."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | list | dict) or value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def as_list(value: object) -> tuple[str, ...]:
    """A field as strings: a list's items, or one string cut at commas."""
    if isinstance(value, list | tuple):
        return tuple(text for item in value if (text := as_text(item).strip()))
    return tuple(part for item in re.split(r"[,，、]", as_text(value)) if (part := item.strip()))

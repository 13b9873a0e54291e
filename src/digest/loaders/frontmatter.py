"""Front matter: the regular shape by one regex, the rest by YAML, broken YAML line by line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

_LEADING = 20
_BLOCK = re.compile(r"\A\s*---[ \t]*\n((?:.*?\n)??)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
# One line of the shape nearly all scraped files have. What it accepts, YAML reads the same way.
_PLAIN = r"[A-Za-z\u3400-\u9fff(（][^\n:#\[\]{}\"'&*!|>%@`,]*"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)"
_LINES = re.compile(
    r"^([A-Za-z_][\w-]*):"
    rf"(?: (\"[^\"\\\n]*\")| \[ ?({_PLAIN}(?:, {_PLAIN})*) ?\]"
    rf"| ({_PLAIN}|https?://[^\s#\"']*)| ({_TIME}))?[ ]*$",
    re.M,
)
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
    if not text.startswith("---") and not text[:_LEADING].lstrip().startswith("---"):
        return Front({}, text, 1)
    end = text.find("\n---\n", 3) if text.startswith("---\n") else -1
    if end > 0:
        source, stop = text[4 : end + 1].rstrip("\n"), end + 5
    elif found := _BLOCK.match(text):
        source, stop = found[1].rstrip("\n"), found.end()
    else:
        return Front({}, text, 1)
    body = text[stop:]
    line = text.count("\n", 0, stop) + 1
    fields = _read_regular(source)
    if fields is not None:
        return Front(fields, body, line)
    return _read_yaml(text, source, body, line)


def _read_regular(source: str) -> dict[str, Any] | None:
    """The fields, if every line is of the regular shape; else None."""
    rows = _LINES.findall(source)
    if len(rows) <= source.count("\n"):
        return None
    try:
        return {key: _value(quoted, items, plain, time) for key, quoted, items, plain, time in rows}
    except ValueError:
        return None


def _value(quoted: str, items: str, plain: str, time: str) -> object:
    """The value of one regular line. Raises ValueError for words that YAML takes for something else."""
    if quoted:
        return quoted[1:-1]
    if time:
        return datetime.fromisoformat(time)
    if items:
        words = [item.strip() for item in items.split(",")]
        if not _WORDS.isdisjoint(word.lower() for word in words):
            raise ValueError(items)
        return words
    word = plain.strip()
    if word.lower() in _WORDS:
        if word == "True":
            return True
        raise ValueError(plain)
    return word or None


def _read_yaml(text: str, source: str, body: str, line: int) -> Front:
    import yaml  # noqa: PLC0415 - nearly all front matter is regular and needs none
    from frontmatter.default_handlers import YAMLHandler  # noqa: PLC0415

    handler = YAMLHandler()
    fields: object = None
    # The second loader reads all as text, for a date like 2020-13-01: the reader of dates reports it.
    for loader in (
        getattr(yaml, "CSafeLoader", yaml.SafeLoader),
        getattr(yaml, "CBaseLoader", yaml.BaseLoader),
    ):
        try:
            fields = handler.load(source, Loader=loader)
            break
        except (ValueError, OverflowError):
            continue
        except (yaml.YAMLError, RecursionError) as error:
            at = getattr(error, "problem_mark", None)
            first = text.count("\n", 0, text.index(source)) + 1 if source else 2
            what = " ".join(str(getattr(error, "problem", None) or error).split())
            fault = f"the front matter is no YAML ({what}); read line by line"
            return Front(_read_lines(source), body, line, fault, first + (at.line if at else 0))
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
    if type(value) is list:
        texts = [item.strip() if type(item) is str else as_text(item).strip() for item in value]
        return tuple([text for text in texts if text])
    if not value:
        return ()
    return tuple(part for item in re.split(r"[,，、]", as_text(value)) if (part := item.strip()))

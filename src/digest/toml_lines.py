"""Reads TOML with the line of every key, and finds all syntax errors, not only the first.

`tomllib` gives values without their places. `locate` walks the same text once more, only
when a fault has to be shown: it needs no checks of its own, since what it walks has parsed.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from typing import Any, NamedTuple

Key = tuple[str | int, ...]
"""Where a value stands: `("sources", "demo", "strip", 0, "css")`. Numbers count from 0."""

_MOST_ERRORS = 20
_BLANK = re.compile(r"[ \t]*")
_BETWEEN = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^']|'(?!\'\'))*'{3,5}'''
    r"""|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""",
    re.S,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")
_PLAIN_WORDS = (
    (re.compile(r"Illegal character '\\n'|Expected .'|Unterminated string"), "quotes that are never closed"),
    (re.compile(r"Cannot overwrite a value|Duplicate inline table key|Cannot mutate"), "a key given twice"),
    (re.compile(r"Cannot declare .* twice"), "a [table] given twice"),
    (re.compile(r"Unclosed array"), "a list that is not closed, or a comma missing in it"),
    (re.compile(r"Unclosed inline table"), "a { } that is not closed, or a comma missing in it"),
    (re.compile(r"Invalid value"), "a value that is none (text stands in quotes)"),
    (re.compile(r"Unescaped '\\'"), "a backslash in double quotes (expected single quotes around it)"),
    (re.compile(r"Expected newline"), "more behind the value than belongs there"),
)
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class SyntaxFault(NamedTuple):
    """A place where the text is no TOML."""

    line: int
    message: str


class Parsed(NamedTuple):
    """The values, the syntax faults in line order, and the text without the lines at fault."""

    table: dict[str, Any]
    faults: tuple[SyntaxFault, ...]
    text: str


def parse(text: str) -> Parsed:
    """Reads TOML. A line in error is left out and the rest read again; where the error hides
    what follows (a string or list that is never closed) nothing is read."""
    lines = text.replace("\r\n", "\n").split("\n")
    faults: list[SyntaxFault] = []
    while True:
        rest = "\n".join(lines)
        try:
            return Parsed(tomllib.loads(rest), tuple(sorted(faults)), rest)
        except tomllib.TOMLDecodeError as error:
            message = str(error)
        place = _PLACE.search(message)
        number = int(place[1]) if place and place[1] else len(lines)
        number = _statement_line(lines, number, message)
        what = message[: place.start()] if place else message
        faults.append(SyntaxFault(number, f"not valid TOML: {_in_plain_words(what)}"))
        if place is None or not place[1] or what.startswith("Unclosed") or len(faults) == _MOST_ERRORS:
            return Parsed({}, tuple(sorted(faults)), "")
        _leave_out(lines, number - 1)


def _statement_line(lines: list[str], number: int, message: str) -> int:
    # tomllib tells of a bad end of line, or of a key given twice, at the start of the next line.
    at_start = re.search(r"column 1\)$", message)
    if at_start and message.startswith(("Cannot overwrite", "Expected newline")):
        number -= 1
    while number > 1 and not lines[number - 1].strip():
        number -= 1
    return max(number, 1)


def _in_plain_words(message: str) -> str:
    for pattern, words in _PLAIN_WORDS:
        if pattern.match(message):
            return words
    return message[:1].lower() + message[1:]


def _leave_out(lines: list[str], index: int) -> None:
    is_header = lines[index].lstrip().startswith("[")
    lines[index] = ""
    if not is_header:
        return
    # Keys below a header in error would be taken for those of the table before it.
    for following in range(index + 1, len(lines)):
        if lines[following].lstrip().startswith("["):
            return
        lines[following] = ""


class Lines:
    """The line of each key of a TOML text that parses."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self._at: dict[Key, int] = {}
        self._arrays: dict[Key, int] = {}
        self._position = 0
        self._read_document()

    def of(self, key: Key) -> int:
        """The line of `key`, else of the nearest table around it; 0 where there is none."""
        while key:
            if key in self._at:
                return self._at[key]
            key = key[:-1]
        return 0

    def _read_document(self) -> None:
        table: Key = ()
        text = self._text
        self._skip(_BETWEEN)
        while self._position < len(text):
            before = self._position
            if text[before] == "[":
                table = self._read_header()
            else:
                self._read_pair(table)
            self._skip(_BETWEEN)
            if self._position == before:
                return

    def _read_header(self) -> Key:
        is_array = self._text.startswith("[[", self._position)
        self._position += 2 if is_array else 1
        line = self._line()
        key: Key = ()
        for part in self._read_parts():
            if key in self._arrays:
                key += (self._arrays[key],)
            key += (part,)
            self._at.setdefault(key, line)
        if is_array:
            self._arrays[key] = self._arrays.get(key, -1) + 1
            key += (self._arrays[key],)
        elif key in self._arrays:
            key += (self._arrays[key],)
        self._at[key] = line
        self._skip(_BLANK)
        self._position += 2 if is_array else 1
        return key

    def _read_pair(self, table: Key) -> None:
        line = self._line()
        key = table
        for part in self._read_parts():
            key += (part,)
            self._at.setdefault(key, line)
        self._skip(_BLANK)
        self._position += 1  # the equals sign
        self._read_value(key)

    def _read_parts(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_BLANK)
            match = _PART.match(self._text, self._position)
            if not match:
                return parts
            self._position = match.end()
            raw = match[0]
            parts.append(str(tomllib.loads(f"k = {raw}")["k"]) if raw[0] in "\"'" else raw)
            self._skip(_BLANK)
            if not self._text.startswith(".", self._position):
                return parts
            self._position += 1

    def _read_value(self, key: Key) -> None:
        self._skip(_BLANK)
        opener = self._text[self._position : self._position + 1]
        if opener == "[":
            self._read_items(key)
        elif opener == "{":
            self._read_inline(key)
        else:
            pattern = _STRING if opener and opener in "\"'" else _SCALAR
            self._skip(pattern)

    def _read_items(self, key: Key) -> None:
        for number in range(len(self._text)):
            self._position += 1  # the bracket or a comma
            self._skip(_BETWEEN)
            if self._text.startswith("]", self._position):
                break
            self._at[*key, number] = self._line()
            self._read_value((*key, number))
            self._skip(_BETWEEN)
            if not self._text.startswith(",", self._position):
                break
        self._position += 1

    def _read_inline(self, key: Key) -> None:
        while True:
            self._position += 1  # the brace or a comma
            self._skip(_BETWEEN)
            if self._text.startswith("}", self._position):
                break
            self._read_pair(key)
            self._skip(_BETWEEN)
            if not self._text.startswith(",", self._position):
                break
        self._position += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._position)
        if match:
            self._position = match.end()

    def _line(self) -> int:
        return bisect_right(self._starts, self._position)

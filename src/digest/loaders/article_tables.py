"""The curator's files of `[[article]]` tables: corrections and takedowns."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from digest.errors import Problem
from digest.toml_lines import Key, Lines, parse


class Entry(NamedTuple):
    """One table, or whatever stands in its place; `line_of` gives the line of one of its keys (of the
    table for an empty one)."""

    value: Any
    line_of: Callable[[str], int]


def read_entries(text: str, path: str) -> tuple[list[Entry], list[Problem]]:
    """The file's entries in order, and what is wrong around them, each with its line."""
    parsed = parse(text)
    problems = [Problem("toml-broken", f"{f.message}; left out", path, f.line) for f in parsed.faults]
    lines = Lines(parsed.text)
    for key in parsed.table:
        if key != "article":
            message = f"{key!r} is not a table here (expected [[article]]); left out"
            problems.append(Problem("key-unknown", message, path, lines.of((key,))))
    entries = parsed.table.get("article", [])
    if not isinstance(entries, list):
        return [Entry(entries, partial(_line_of, lines, ("article",)))], problems
    found = [Entry(e, partial(_line_of, lines, ("article", number))) for number, e in enumerate(entries)]
    return found, problems


def _line_of(lines: Lines, where: Key, key: str) -> int:
    return lines.of((*where, key))

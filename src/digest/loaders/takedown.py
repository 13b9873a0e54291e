"""The curator's `content/takedown.toml`: articles that must not be published any more.

Where an entry says which article it means, it holds, whatever else is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from digest.errors import Problem
from digest.loaders.article_tables import read_entries
from digest.model import Takedown
from digest.schema import shown, suggest

TAKEDOWN_KEYS = ("url", "id", "date", "reason")


def read_takedowns(text: str, path: str) -> tuple[list[Takedown], list[Problem]]:
    """The entries in the file's order, and what was wrong, each with its line."""
    entries, problems = read_entries(text, path)
    takedowns: list[Takedown] = []
    for entry in entries:
        takedown, wrong = _read_entry(entry.value, path, entry.line_of)
        problems += wrong
        if takedown:
            takedowns.append(takedown)
    return takedowns, problems


def _read_entry(
    entry: Any, path: str, line_of: Callable[[str], int]
) -> tuple[Takedown | None, list[Problem]]:
    problems: list[Problem] = []

    def report(code: str, key: str, message: str) -> None:
        problems.append(Problem(code, message, path, line_of(key)))

    if not isinstance(entry, dict):
        report("value-wrong", "", "article is no table (expected [[article]]); left out")
        return None, problems
    values: dict[str, Any] = {}
    for key, value in entry.items():
        if key not in TAKEDOWN_KEYS:
            hint = suggest(key, TAKEDOWN_KEYS) or " (expected one of " + ", ".join(TAKEDOWN_KEYS) + ")"
            report("key-unknown", key, f"{key!r} is not a key here{hint}; left out")
        elif key == "date" and not _day(value):
            report(
                "value-wrong", key, f"date is {shown(value)} (expected a day such as 2023-11-10); left out"
            )
        elif key != "date" and not (isinstance(value, str) and value.strip()):
            report("value-wrong", key, f"{key} is {shown(value)} (expected a text); left out")
        else:
            values[key] = value
    named = "url" if "url" in values else "id"
    if named not in values:
        report("key-missing", "", "an entry without 'url' or 'id' (expected the article's); left out")
        return None, problems
    if "date" not in values:
        report("takedown-undated", "", "no date (expected the day of the takedown); taken down without one")
    takedown = Takedown(
        url=values[named].strip(),
        day=_day(values.get("date")),
        reason=" ".join(values.get("reason", "").split()),
        line=line_of(named),
        path=path,
    )
    return takedown, problems


def _day(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip())
        except ValueError:
            return ""
    return value.isoformat() if isinstance(value, date) else ""

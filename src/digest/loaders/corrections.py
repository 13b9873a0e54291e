"""The curator's `content/corrections.toml`: what is wrong in one entry leaves the others in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from digest.errors import Problem
from digest.loaders.article_tables import read_entries
from digest.model import Correction
from digest.schema import shown, suggest

CORRECTION_KEYS = ("url", "title", "published", "date", "source", "authors", "hide", "reason")


def read_corrections(text: str, path: str) -> tuple[list[Correction], list[Problem]]:
    """The corrections in the file's order, and what was wrong, each with its line."""
    entries, problems = read_entries(text, path)
    corrections: list[Correction] = []
    for entry in entries:
        correction, wrong = _read_correction(entry.value, path, entry.line_of)
        problems += wrong
        if correction:
            corrections.append(correction)
    return corrections, problems


def _read_correction(
    entry: Any, path: str, line_of: Callable[[str], int]
) -> tuple[Correction | None, list[Problem]]:
    problems: list[Problem] = []

    def report(code: str, key: str, message: str) -> None:
        problems.append(Problem(code, f"{message}; left out", path, line_of(key)))

    if not isinstance(entry, dict):
        report("value-wrong", "", "article is no table (expected [[article]])")
        return None, problems
    values: dict[str, Any] = {}
    for key, value in entry.items():
        if key not in CORRECTION_KEYS:
            hint = suggest(key, CORRECTION_KEYS) or " (expected one of " + ", ".join(CORRECTION_KEYS) + ")"
            report("key-unknown", key, f"{key!r} is not a key here{hint}")
        elif key == "date" and "published" in entry:
            report("key-twice", key, "'date' and 'published' are one key, both given")
        elif wrong := _WANTED[key](value):
            report("value-wrong", key, f"{key} is {shown(value)} (expected {wrong})")
        else:
            values[key] = value
    if "url" not in values:
        report("key-missing", "", "a correction without 'url' (expected the article's address or id)")
        return None, problems
    published, day_only = _moment(values.get("published", values.get("date")))
    authors = values.get("authors")
    return (
        Correction(
            url=values["url"].strip(),
            title=values.get("title"),
            published=published,
            source=values.get("source"),
            authors=None if authors is None else (authors,) if isinstance(authors, str) else tuple(authors),
            hide=values.get("hide", False),
            line=line_of("url"),
            path=path,
            day_only=day_only,
            reason=values.get("reason", ""),
        ),
        problems,
    )


def _moment(value: Any) -> tuple[datetime | None, bool]:
    if isinstance(value, str):
        text = value.strip()
        value = datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    if isinstance(value, datetime):
        return value.replace(microsecond=0), False
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day), True  # noqa: DTZ001 - in the site's zone
    return None, False


def _not_text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "a text"


def _not_moment(value: Any) -> str:
    try:
        fits = isinstance(value, str | date) and _moment(value)[0] is not None
    except ValueError:
        fits = False
    return "" if fits else "a time such as 2023-11-10T08:30:00+08:00, or a day"


def _not_texts(value: Any) -> str:
    items = [value] if isinstance(value, str) else value
    return "" if isinstance(items, list) and all(isinstance(i, str) for i in items) else "a list of texts"


_WANTED: dict[str, Callable[[Any], str]] = {
    "url": _not_text,
    "title": _not_text,
    "published": _not_moment,
    "date": _not_moment,
    "source": _not_text,
    "authors": _not_texts,
    "hide": lambda value: "" if isinstance(value, bool) else "true or false",
    "reason": _not_text,
}

"""The pages that a thread file chooses by words, period and outlets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from digest.errors import Problem
from digest.model import Page, ThreadFile
from digest.taxonomy.outlets import Outlets

_LATIN = re.compile(r"[0-9A-Za-zÀ-ɏ]")


class Rules:
    """Applies the rules of thread files to `pages`; `days` are those of their moments by id, the undated
    left out."""

    def __init__(self, pages: Sequence[Page], days: Mapping[str, str], outlets: Outlets) -> None:
        self._pages = pages
        self._days = days
        self._outlets = outlets
        self._openings: dict[str, str] = {}

    def choose(self, file: ThreadFile) -> tuple[frozenset[str], list[Problem]]:
        """The ids of the pages that satisfy the file's words, period and outlets at once (none where
        it has neither words nor outlets), and the outlets nobody knows as problems."""
        if not file.words and not file.sources:
            return frozenset(), _idle_period(file)
        problems: list[Problem] = []
        chosen = self._in_period(file.first, file.last)
        if file.sources:
            slugs = self._find_outlets(file, problems)
            chosen = [page for page in chosen if page.source in slugs]
        for words in file.words:
            holds_any = word_finder(words)
            chosen = [page for page in chosen if holds_any(self._opening(page))]
        return frozenset(page.id for page in chosen), problems

    def _in_period(self, first: str | None, last: str | None) -> Sequence[Page]:
        if not first and not last:
            return self._pages
        first, last, days = first or "0", last or "9999", self._days
        return [page for page in self._pages if first <= days.get(page.id, "") <= last]

    def _find_outlets(self, file: ThreadFile, problems: list[Problem]) -> frozenset[str]:
        slugs: set[str] = set()
        for name in file.sources:
            slug = self._outlets.find(name)
            if slug is None:
                message = f"source {name!r} is no outlet known here{self._outlets.suggest(name)}; left out"
                line = line_of(file, "sources", name)
                problems.append(Problem("source-unknown", message, file.path, line))
            else:
                slugs.add(slug)
        return frozenset(slugs)

    def _opening(self, page: Page) -> str:
        text = self._openings.get(page.id)
        if text is None:
            newest = page.newest
            text = "\n".join(filter(None, (newest.kicker, page.title, newest.lead, newest.excerpt))).lower()
            self._openings[page.id] = text
        return text


def line_of(file: ThreadFile, key: str, value: str = "") -> int:
    """The line of a key of `file`, or that of the item `value` below it; 0 where it is unknown.

    `ThreadFile.lines` names the first by the key, the second by `key:value`, for one
    reference may stand under several keys.
    """
    lines = dict(file.lines)
    return lines.get(f"{key}:{value}") or lines.get(key, 0)


def word_finder(words: Iterable[str]) -> Callable[[str], bool]:
    """Tells whether a text in lower case holds any of `words`, letter case aside. A Latin letter or digit
    at a word's edge must not continue into another: `APEC` is not in `APECS`, while `5G` is in `用5G上网`."""
    folded = [word.strip().lower() for word in words if word.strip()]
    bounded = [(word, _bounded(word)) for word in folded if _LATIN.match(word[0]) or _LATIN.match(word[-1])]
    plain = [word for word in folded if not (_LATIN.match(word[0]) or _LATIN.match(word[-1]))]

    def find(text: str) -> bool:
        for word in plain:
            if word in text:
                return True
        return bool(bounded) and any(word in text and pattern.search(text) for word, pattern in bounded)

    return find


def _bounded(word: str) -> re.Pattern[str]:
    start = r"(?<![0-9A-Za-zÀ-ɏ])" if _LATIN.match(word[0]) else ""
    end = r"(?![0-9A-Za-zÀ-ɏ])" if _LATIN.match(word[-1]) else ""
    return re.compile(f"{start}{re.escape(word)}{end}")


def _idle_period(file: ThreadFile) -> list[Problem]:
    key = "from" if file.first else "to" if file.last else ""
    if not key:
        return []
    message = f"{key} limits words and sources, and there are none; left out"
    return [Problem("key-idle", message, file.path, line_of(file, key))]

"""Threads from the curator's files. What a machine finds joins them in `assemble`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import tzinfo

from digest.errors import Problem
from digest.model import Page, Thread, ThreadFile
from digest.taxonomy.lookup import Lookup
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.pages import local_day

_LATIN = re.compile(r"[0-9A-Za-zÀ-ɏ]")


def build_threads(
    files: Sequence[ThreadFile],
    pages: Sequence[Page],
    hidden: Collection[str],
    lookup: Lookup,
    outlets: Outlets,
    zone: tzinfo,
) -> tuple[list[Thread], list[Problem]]:
    """A thread for each file that has members, in the order of the files' paths.

    `pages` are those shown, ordered by moment and id; so are the members of a thread. An
    address in `include` or `exclude` that leads to no page, an outlet nobody knows and a
    thread without members are problems of the file.
    """
    threads: list[Thread] = []
    problems: list[Problem] = []
    openings = [_opening(p) for p in pages] if any(f.words for f in files) else []
    days = [local_day(p.moment, zone) for p in pages] if files else []
    shown = {p.id for p in pages}
    for file in sorted(files, key=lambda f: f.path):
        included = _resolve(file, file.include, lookup, shown, hidden, problems)
        excluded = _resolve(file, file.exclude, lookup, shown, hidden, problems)
        belongs = _rules(file, outlets, problems)
        members = [
            (page, day)
            for number, (page, day) in enumerate(zip(pages, days, strict=True))
            if page.id in included
            or (page.id not in excluded and belongs(page, day, openings[number] if openings else ""))
        ]
        if members:
            threads.append(_thread(file, members))
        else:
            message = "no article belongs to this thread; left out until one does"
            problems.append(Problem("thread-empty", message, file.path))
    return threads, problems


def _thread(file: ThreadFile, members: Sequence[tuple[Page, str]]) -> Thread:
    days = [day for _, day in members if day]
    return Thread(
        id=file.id,
        url=f"/threads/{file.id}/",
        title=file.title,
        curated=True,
        members=tuple(page.id for page, _ in members),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        sources=tuple(dict.fromkeys(page.source for page, _ in members)),
        html=file.html,
        assets=file.assets,
        path=file.path,
    )


def _resolve(
    file: ThreadFile,
    references: Iterable[str],
    lookup: Lookup,
    shown: Collection[str],
    hidden: Collection[str],
    problems: list[Problem],
) -> frozenset[str]:
    lines: Mapping[str, int] = dict(file.lines)
    found: set[str] = set()
    for reference in references:
        ids = lookup.find_all(reference)
        found.update(i for i in ids if i in shown)
        if not found.intersection(ids):
            is_hidden = any(i in hidden for i in ids)
            why = "is hidden by a correction" if is_hidden else "is no article here"
            message = f"{reference!r} {why}; left out"
            problems.append(Problem("reference-dead", message, file.path, lines.get(reference, 0)))
    return frozenset(found)


def _rules(file: ThreadFile, outlets: Outlets, problems: list[Problem]) -> Callable[[Page, str, str], bool]:
    if not file.words and not file.sources:
        return lambda _page, _day, _text: False
    lines: Mapping[str, int] = dict(file.lines)
    sources: set[str] = set()
    for name in file.sources:
        slug = outlets.find(name)
        if slug is None:
            message = f"source {name!r} is no outlet known here{outlets.suggest(name)}; left out"
            problems.append(Problem("source-unknown", message, file.path, lines.get(name, 0)))
        else:
            sources.add(slug)
    any_source = not file.sources
    groups = [word_pattern(group) for group in file.words]
    first, last = file.first or "", file.last or "9999"

    def belongs(page: Page, day: str, text: str) -> bool:
        if not (any_source or page.source in sources):
            return False
        if (file.first or file.last) and not (day and first <= day <= last):
            return False
        return all(group.search(text) for group in groups)

    return belongs


def word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of `words`, letter case aside. A Latin letter or digit at a word's edge must
    not continue into another: `APEC` is not in `APECS`, while `5G` is in `用5G上网`."""
    return re.compile("|".join(_bounded(w.strip()) for w in words if w.strip()), re.I)


def _bounded(word: str) -> str:
    start = r"(?<![0-9A-Za-zÀ-ɏ])" if _LATIN.match(word[0]) else ""
    end = r"(?![0-9A-Za-zÀ-ɏ])" if _LATIN.match(word[-1]) else ""
    return f"{start}{re.escape(word)}{end}"


def _opening(page: Page) -> str:
    newest = page.newest
    return "\n".join(filter(None, (newest.kicker, page.title, newest.lead, newest.excerpt)))

"""The lists of stories: the current ones, those of each month, and the few on the front page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.renderer.dates import name_month, name_span
from digest.renderer.directory import href_of
from digest.renderer.job import Job
from digest.renderer.parts import Ref, Story
from digest.renderer.ranking import rank_threads
from digest.renderer.views import ThreadsView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.model import Thread
    from digest.renderer.directory import Directory
    from digest.renderer.parts import Entry

CURRENT = 50
"""Stories on the page of all; older ones stand on the pages of their months."""

TOP = 6
"""Stories on the front page."""

HEADLINES = 2
"""Newest headlines under each of these."""

ROWS = 250
"""Stories on one page of a month."""


def plan_thread_index(directory: Directory) -> Iterator[Job]:
    """The page of all stories and those of each month in which one was reported."""
    words = directory.words
    months = list(directory.story_months)
    ranked = rank_threads(directory)
    current = ranked[:CURRENT]
    others = [thread for thread in ranked[CURRENT:] if thread.curated]
    others.sort(key=lambda thread: (thread.last, thread.id), reverse=True)
    view = ThreadsView(
        href="threads/index.html",
        title=words.threads,
        items=tuple(_draw(directory, thread) for thread in current),
        curated=tuple(_draw(directory, thread) for thread in others),
        months=tuple(_month_ref(directory, month) for month in reversed(months)),
        list=None,
        parts=(),
        previous=None,
        next=None,
    )
    yield Job("/threads/", "threads.html", view, (), "threads")
    for index, month in enumerate(months):
        earlier = _month_ref(directory, months[index - 1]) if index else None
        later = _month_ref(directory, months[index + 1]) if index + 1 < len(months) else None
        yield from _plan_month(directory, month, earlier, later)


def list_month_pages(directory: Directory) -> Iterator[str]:
    """The addresses of all pages that list a month's stories."""
    for month, told in directory.story_months.items():
        for number in range(_count_parts(told)):
            yield f"/{_month_ref(directory, month, number).href}"


def top_stories(directory: Directory) -> tuple[Story, ...]:
    """The stories that stand on the front page, with their newest headlines."""
    return tuple(
        _draw(directory, thread, _newest(directory, thread)) for thread in rank_threads(directory)[:TOP]
    )


def _draw(directory: Directory, thread: Thread, entries: tuple[Entry, ...] = ()) -> Story:
    return Story(
        thread.title,
        href_of(thread.url),
        len(thread.sources),
        len(thread.members),
        name_span(thread.first, thread.last, directory.language),
        entries,
        directory.lang(thread.lang),
    )


def _newest(directory: Directory, thread: Thread) -> tuple[Entry, ...]:
    """Its newest articles, none twice and none that only repeats the story's title."""
    copies = directory.digest.copies
    found: list[Entry] = []
    for page_id in reversed(thread.members):
        if page_id not in copies and directory.pages[page_id].title != thread.title:
            found.append(directory.entry(page_id))
            if len(found) == HEADLINES:
                break
    return tuple(found)


def _month_ref(directory: Directory, month: str, number: int = 0) -> Ref:
    """The page of a month's stories, or a further one."""
    name = f"{month}-{number + 1}" if number else month
    return Ref(name_month(month, directory.language), f"threads/{name}.html")


def _count_parts(told: Sequence[object]) -> int:
    return (len(told) + ROWS - 1) // ROWS


def _plan_month(
    directory: Directory, month: str, previous: Ref | None, following: Ref | None
) -> Iterator[Job]:
    """A month's stories, those that most outlets reported in it first. They are counted by the
    month's own reports, so that a past month stays as it is."""
    words, pages = directory.words, directory.pages
    told = directory.story_months[month]
    rows = [(thread, len(ids), len({pages[page_id].source for page_id in ids})) for thread, ids in told]
    rows.sort(key=lambda row: (-row[2], -row[1], row[0].id))
    refs = [_month_ref(directory, month, number) for number in range(_count_parts(told))]
    parts = tuple(Ref(words.page.format(number), ref.href) for number, ref in enumerate(refs, start=1))
    for number, ref in enumerate(refs):
        view = ThreadsView(
            href=ref.href,
            title=f"{words.threads}{words.stop}{ref.title}",
            items=tuple(
                Story(t.title, href_of(t.url), outlets, count, lang=directory.lang(t.lang))
                for t, count, outlets in rows[number * ROWS : (number + 1) * ROWS]
            ),
            curated=(),
            months=(),
            list=Ref(words.threads, "threads/index.html"),
            parts=parts if len(parts) > 1 else (),
            previous=previous,
            next=following,
        )
        yield Job(f"/{ref.href}", "threads.html", view, (), f"threads of {month}")

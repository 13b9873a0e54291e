"""The stories: one page each, laid out by day, and the page that names them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.renderer.curated import settle
from digest.renderer.dates import name_span
from digest.renderer.directory import href_of
from digest.renderer.job import Job
from digest.renderer.parts import Group, Tally
from digest.renderer.views import ThreadsView, ThreadView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.model import Thread
    from digest.renderer.directory import Directory
    from digest.renderer.parts import Ref


def plan_threads(directory: Directory) -> Iterator[Job]:
    """A page for each story and the page of all stories."""
    for thread in sorted(directory.digest.threads, key=lambda thread: thread.id):
        yield Job(
            thread.url, "thread.html", _draw(directory, thread), (), thread.path or f"thread {thread.id}"
        )
    view = ThreadsView("threads/index.html", directory.words.threads, tally_threads(directory))
    yield Job("/threads/", "threads.html", view, (), "threads")


def tally_threads(directory: Directory) -> tuple[Tally, ...]:
    """All stories, that with the latest article first."""
    threads = sorted(directory.digest.threads, key=lambda thread: thread.id)
    threads.sort(key=lambda thread: thread.last, reverse=True)
    return tuple(
        Tally(
            thread.title,
            href_of(thread.url),
            len(thread.members),
            name_span(thread.first, thread.last, directory.language),
        )
        for thread in threads
    )


def _draw(directory: Directory, thread: Thread) -> ThreadView:
    counts: dict[str, int] = {}
    names: dict[str, Ref] = {}
    for page_id in thread.members:
        ref = directory.source(directory.pages[page_id])
        counts[ref.href] = counts.get(ref.href, 0) + 1
        names[ref.href] = ref
    outlets = sorted(counts, key=lambda href: (-counts[href], href))
    days = []
    for day, members in sorted(directory.by_day(thread.members).items()):
        ref = directory.day(day)
        days.append(Group(ref.title, ref.href, tuple(directory.brief(page_id) for page_id in members)))
    return ThreadView(
        href=href_of(thread.url),
        title=thread.title,
        html=settle(directory, thread.html, href_of(thread.url), path=thread.path, assets=thread.assets),
        span=name_span(thread.first, thread.last, directory.language),
        count=len(thread.members),
        sources=tuple(Tally(names[href].title, href, counts[href]) for href in outlets),
        days=tuple(days),
        feeds=directory.feeds(thread.title, thread.url[1:]),
    )

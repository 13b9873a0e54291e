"""The stories' own pages, and the addresses that lead to them from where they once stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from digest.renderer.coverage import draw_chart, draw_coverage
from digest.renderer.curated import settle
from digest.renderer.dates import name_month, name_span
from digest.renderer.directory import href_of
from digest.renderer.job import Job
from digest.renderer.parts import Quote, Ref, Tally
from digest.renderer.thread_index import plan_thread_index
from digest.renderer.timeline import LONG, cut, draw_days, events_of
from digest.renderer.views import RedirectView, ThreadView

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from digest.model import Sentence, Thread
    from digest.renderer.directory import Directory
    from digest.renderer.parts import Entry
    from digest.renderer.timeline import Stretch

KEYS = 30
"""Key events that a long story lists on its own page; those that most outlets told."""

RELATED = 5
"""Related stories that a page names."""


def plan_threads(directory: Directory) -> Iterator[Job]:
    """The pages of each story, those that list them, and those that lead on to them."""
    for thread in sorted(directory.digest.threads, key=lambda thread: thread.id):
        yield from plan_thread(directory, thread)
    yield from plan_thread_index(directory)
    yield from _plan_redirects(directory)


def plan_thread(directory: Directory, thread: Thread) -> Iterator[Job]:
    """A story's own page, and of a long one those of its older months."""
    origin = thread.path or f"thread {thread.id}"
    *older, newest = cut(directory, thread)
    refs = [_part_ref(directory, thread, stretch) for stretch in older]
    own = Ref(thread.title, href_of(thread.url), directory.lang(thread.lang))
    for index, stretch in enumerate(older):
        view = ThreadView(
            href=refs[index].href,
            title=f"{thread.title}{directory.words.stop}{refs[index].title}",
            lang=own.lang,
            story=own,
            html="",
            summary=(),
            span=name_span(stretch.days[0][0], stretch.days[-1][0], directory.language),
            count=stretch.count,
            sources=(),
            chart=None,
            keys=(),
            parts=(),
            days=draw_days(directory, thread, stretch, ()),
            coverage=None,
            related=(),
            previous=refs[index - 1] if index else None,
            next=refs[index + 1] if index + 1 < len(refs) else own,
            feeds=(),
        )
        yield Job(f"/{view.href}", "thread.html", view, (), origin)
    parts = tuple(Tally(ref.title, ref.href, stretch.count) for ref, stretch in zip(refs, older, strict=True))
    yield Job(thread.url, "thread.html", _draw(directory, thread, newest, parts), (), origin)


def list_parts(directory: Directory, thread: Thread) -> list[tuple[str, datetime | None]]:
    """The pages of a long story's older months: the address of each, and its newest article's moment."""
    if len(thread.members) <= LONG:
        return []
    parts = []
    for stretch in cut(directory, thread)[:-1]:
        ids = (page_id for _, events in stretch.days for event in events for page_id in event.members)
        moments = (moment for page_id in ids if (moment := directory.pages[page_id].moment))
        parts.append((f"{thread.url}{stretch.name}.html", max(moments, default=None)))
    return parts


def _draw(directory: Directory, thread: Thread, stretch: Stretch, parts: tuple[Tally, ...]) -> ThreadView:
    href = href_of(thread.url)
    summary = () if thread.html else thread.summary
    html = settle(directory, thread.html, href, path=thread.path, assets=thread.assets) if thread.html else ""
    return ThreadView(
        href=href,
        title=thread.title,
        lang=directory.lang(thread.lang),
        story=None,
        html=html,
        summary=tuple(_quote(directory, sentence) for sentence in summary),
        span=name_span(thread.first, thread.last, directory.language),
        count=len(thread.members),
        sources=_tally_outlets(directory, thread),
        chart=draw_chart(
            directory, [day for page_id in thread.members if (day := directory.day_of(page_id))]
        ),
        keys=_list_keys(directory, thread) if parts else (),
        parts=parts,
        days=draw_days(directory, thread, stretch, (sentence.page for sentence in summary)),
        coverage=draw_coverage(directory, thread),
        related=_list_related(directory, thread),
        previous=None,
        next=None,
        feeds=directory.feeds(thread.title, thread.url[1:]) if directory.has_feeds(thread) else (),
    )


def _quote(directory: Directory, sentence: Sentence) -> Quote:
    page = directory.pages[sentence.page]
    return Quote(
        sentence.text, href_of(page.url), directory.source(page).title, directory.lang(sentence.lang)
    )


def _part_ref(directory: Directory, thread: Thread, stretch: Stretch) -> Ref:
    title = name_month(stretch.month, directory.language)
    number = stretch.name[len(stretch.month) + 1 :]
    return Ref(f"{title} ({number})" if number else title, f"{thread.url[1:]}{stretch.name}.html")


def _tally_outlets(directory: Directory, thread: Thread) -> tuple[Tally, ...]:
    """The story's outlets, those with most reports first."""
    counts: dict[str, int] = {}
    refs: dict[str, Ref] = {}
    for page_id in thread.members:
        ref = directory.source(directory.pages[page_id])
        counts[ref.href] = counts.get(ref.href, 0) + 1
        refs[ref.href] = ref
    ranked = sorted(counts, key=lambda href: (-counts[href], href))
    return tuple(Tally(refs[href].title, href, counts[href]) for href in ranked)


def _list_keys(directory: Directory, thread: Thread) -> tuple[Entry, ...]:
    """The key events of a long story in order, each as its leading report with the event's day."""
    pages = directory.pages
    keys = [event for event in events_of(thread) if event.key]
    breadth = [len({pages[page_id].source for page_id in event.members}) for event in keys]
    widest = sorted(range(len(keys)), key=lambda index: (-breadth[index], index))[:KEYS]
    found = []
    for event in (keys[index] for index in sorted(widest)):
        day = directory.name_day(event.day) if event.day else ""
        entry = directory.entry(event.members[0])
        found.append(msgspec.structs.replace(entry, time=day, stamp=event.day))
    return tuple(found)


def _list_related(directory: Directory, thread: Thread) -> tuple[Ref, ...]:
    found = [directory.threads[other] for other in thread.related if other in directory.threads]
    return tuple(
        Ref(other.title, href_of(other.url), directory.lang(other.lang)) for other in found[:RELATED]
    )


def _plan_redirects(directory: Directory) -> Iterator[Job]:
    """The addresses of stories that are other stories now, or none. A story that lives stands where
    it stands; an address that two claim belongs to the first by id."""
    threads = sorted(directory.digest.threads, key=lambda thread: thread.id)
    taken = {thread.url for thread in threads}
    for thread in threads:
        if not thread.former:
            continue
        target = directory.story_ref(thread)
        parts = list_parts(directory, thread)
        for former in thread.former:
            folder = f"/threads/{former}/"
            if folder in taken:
                continue
            taken.add(folder)
            yield _redirect(folder, target, thread.id)
            for url, _ in parts:
                name = url.removeprefix(thread.url)
                yield _redirect(folder + name, Ref(target.title, url[1:], target.lang), thread.id)
    index = Ref(directory.words.threads, "threads/index.html")
    for former in directory.digest.retired:
        folder = f"/threads/{former}/"
        if folder not in taken:
            taken.add(folder)
            yield _redirect(folder, index, former)


def _redirect(url: str, target: Ref, thread_id: str) -> Job:
    view = RedirectView(href_of(url), target.title, target)
    return Job(url, "redirect.html", view, (), f"former address of thread {thread_id}")

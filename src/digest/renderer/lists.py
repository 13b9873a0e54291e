"""Long lists by source, topic and tag, the undated, and the pages that name them all.

Numbering never shifts: page 1 holds the oldest articles, and a page is published once it is
full and the next one is full too, so that it never changes again. The list's own address
shows the newest: the last full run and whatever follows it. The address after the last
published page leads there until it is a page itself, which is what lets a finished page
name its successor once and for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.renderer.job import Job
from digest.renderer.parts import Group, Pager, Ref, Tally
from digest.renderer.views import (
    ListView,
    RedirectView,
    SourcesView,
    SourceView,
    TagsView,
    TagView,
    TopicsView,
    TopicView,
    UndatedView,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.renderer.directory import Directory
    from digest.renderer.parts import Feed


def plan_lists(directory: Directory) -> Iterator[Job]:
    """All long lists and the pages that name them."""
    yield from _plan_sources(directory)
    yield from _plan_topics(directory)
    yield from _plan_tags(directory)
    undated = directory.digest.undated
    if undated:
        yield from _plan_list(directory, "undated.html", UndatedView, directory.day(""), undated, ())


def tally_sources(directory: Directory) -> tuple[Tally, ...]:
    """All outlets, the most published first."""
    rows = [(slug, ids) for slug, ids in directory.digest.sources.items() if ids]
    rows.sort(key=lambda row: (-len(row[1]), row[0]))
    return tuple(_tally(directory, directory.source(directory.pages[ids[-1]]), ids) for _, ids in rows)


def tally_topics(directory: Directory) -> tuple[Tally, ...]:
    """All topics that have an article, in the vocabulary's order."""
    return tuple(
        _tally(directory, ref, directory.digest.topics[slug]) for slug, ref in directory.topics.items()
    )


def _tally(directory: Directory, ref: Ref, ids: Sequence[str]) -> Tally:
    return Tally(ref.title, ref.href, len(ids), directory.day(directory.day_of(ids[-1])).title, ref.lang)


def _plan_sources(directory: Directory) -> Iterator[Job]:
    title = directory.words.sources
    view = SourcesView("sources/index.html", title, tally_sources(directory))
    yield Job("/sources/", "sources.html", view, (), "sources")
    for slug, ids in sorted(directory.digest.sources.items()):
        if not ids:
            continue
        ref = directory.source(directory.pages[ids[-1]])
        feeds = directory.feeds(ref.title, f"sources/{slug}/")
        homepage = directory.homepage(slug)
        yield from _plan_list(directory, "source.html", SourceView, ref, ids, feeds, homepage)


def _plan_topics(directory: Directory) -> Iterator[Job]:
    view = TopicsView("topics/index.html", directory.words.topics, tally_topics(directory))
    yield Job("/topics/", "topics.html", view, (), "topics")
    for slug, ref in directory.topics.items():
        feeds = directory.feeds(ref.title, f"topics/{slug}/")
        yield from _plan_list(directory, "topic.html", TopicView, ref, directory.digest.topics[slug], feeds)


def _plan_tags(directory: Directory) -> Iterator[Job]:
    refs = {ref.href: ref for _, ref in sorted(directory.tags.items(), reverse=True)}
    rows = sorted(directory.tag_pages.items(), key=lambda row: (-len(row[1]), row[0]))
    items = tuple(_tally(directory, refs[href], ids) for href, ids in rows)
    yield Job("/tags/", "tags.html", TagsView("tags/index.html", directory.words.tags, items), (), "tags")
    for href, ids in sorted(directory.tag_pages.items()):
        yield from _plan_list(directory, "tag.html", TagView, refs[href], ids, ())


def _plan_list(
    directory: Directory,
    template: str,
    make: Callable[..., ListView],
    ref: Ref,
    ids: Sequence[str],
    feeds: tuple[Feed, ...],
    *more: str,
) -> Iterator[Job]:
    """A list's own page, its older pages, and the address that leads from the last of these on.
    `more` are the fields that `make` takes beyond a `ListView`'s."""
    size = directory.config.page_size
    folder = ref.href.removesuffix("index.html")
    origin = f"list {ref.title}"
    older = max(0, len(ids) // size - 1)
    oldest = f"{folder}page-1.html" if older else ""
    for number in range(1, older + 1):
        pager = Pager(
            number,
            older=f"{folder}page-{number - 1}.html" if number > 1 else "",
            newer=f"{folder}page-{number + 1}.html",
            oldest=oldest,
            newest=ref.href,
        )
        groups = _group_days(directory, ids[(number - 1) * size : number * size])
        href = f"{folder}page-{number}.html"
        view = make(href, ref.title, ref.lang, 0, groups, pager, ref, feeds, *more)
        yield Job(f"/{href}", template, view, (), origin)
    if older:
        href = f"{folder}page-{older + 1}.html"
        yield Job(f"/{href}", "redirect.html", RedirectView(href, ref.title, ref), (), origin)
    pager = Pager(0, older=f"{folder}page-{older}.html" if older else "", oldest=oldest)
    groups = _group_days(directory, ids[older * size :])
    view = make(ref.href, ref.title, ref.lang, len(ids), groups, pager, ref, feeds, *more)
    yield Job(f"/{folder}", template, view, (), origin)


def _group_days(directory: Directory, ids: Sequence[str]) -> tuple[Group, ...]:
    """The articles by day, newest first."""
    groups = []
    for day, members in directory.by_day(reversed(ids)).items():
        ref = directory.day(day)
        groups.append(Group(ref.title, ref.href, tuple(directory.entry(page_id) for page_id in members)))
    return tuple(groups)

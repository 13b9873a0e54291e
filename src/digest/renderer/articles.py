"""The article pages: what one article shows, and its place among its neighbours."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.ids import asset_url
from digest.renderer.changes import last_change
from digest.renderer.directory import Directory, shorten, stamp_of
from digest.renderer.job import Job
from digest.renderer.parts import Hero, Moment, Place, Ref, Related, VersionNote
from digest.renderer.views import ArticleView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from digest.model import Page, Version

DESCRIPTION = 50
"""Characters of a page's description. Search results show up to 75; the page's weight counts too."""

RELATED = 6
"""Links of the outlet's own that are listed after an article."""


class ArticlePlan:
    """The article pages of one edition. Who stands beside whom is gathered when the first is drawn."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    @cached_property
    def _neighbours(self) -> tuple[dict[str, str], dict[str, str]]:
        return _neighbours(self._directory.digest.sources.values())

    @cached_property
    def _places(self) -> dict[str, list[Place]]:
        return _places(self._directory)

    @cached_property
    def _copies(self) -> dict[str, list[str]]:
        return _gather_copies(self._directory.digest.copies)

    def draw(self, page: Page) -> Job:
        """The job for one page."""
        page_id, ref = page.id, self._directory.ref
        before, after = self._neighbours
        threads = tuple(self._places.get(page_id, ()))
        # Who has a story to follow needs no way to whatever the outlet printed next.
        earlier, later = (None, None) if threads else (before.get(page_id), after.get(page_id))
        view = draw_article(
            self._directory,
            page,
            ref(earlier) if earlier else None,
            ref(later) if later else None,
            threads,
            tuple(self._directory.outlet_ref(copy) for copy in self._copies.get(page_id, ())),
        )
        return Job(page.url, "article.html", view, (view.body,), page.newest.path)


def plan_articles(directory: Directory) -> Iterator[Job]:
    """One job for each page, in the digest's order."""
    return map(ArticlePlan(directory).draw, directory.digest.pages)


def draw_article(
    directory: Directory,
    page: Page,
    previous: Ref | None,
    following: Ref | None,
    threads: tuple[Place, ...],
    copies: tuple[Ref, ...],
) -> ArticleView:
    """The view of one page."""
    newest = page.versions[-1]
    topics, tags = directory.topics, directory.tags
    original = directory.digest.copies.get(page.id)
    changed = last_change(page) if len(page.versions) > 1 else None
    return ArticleView(
        href=directory.ref(page.id).href,
        title=page.title,
        lang=directory.lang(newest.lang),
        kicker=newest.kicker or "",
        description=shorten(newest.lead or newest.excerpt, DESCRIPTION),
        source=directory.source(page),
        link=newest.link,
        authors=page.authors,
        moment=_moment(directory, page),
        day=directory.day(day) if (day := directory.day_of(page.id)) else None,
        modified=stamp_of(changed) if changed and changed != page.moment else "",
        hero=_hero(newest),
        body=newest.body,
        truncated=newest.truncated,
        local=_local(directory, page) if newest.links else (),
        assets=find_assets(newest.path, newest.assets) if newest.assets else (),
        related=_related(directory, page) if newest.related else (),
        topics=tuple(topics[slug] for slug in page.topics if slug in topics),
        tags=_tags(page.tags, tags) if page.tags else (),
        threads=threads,
        original=directory.outlet_ref(original) if original else None,
        copies=copies,
        previous=previous,
        next=following,
        versions=_versions(directory, page) if len(page.versions) > 1 else (),
    )


def find_assets(path: str, references: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each reference to a file beside the text, with that file's address here."""
    found = ((reference, asset_url(path, reference)) for reference in references)
    return tuple((reference, url[1:]) for reference, url in found if url)


def _neighbours(lists: Iterable[tuple[str, ...]]) -> tuple[dict[str, str], dict[str, str]]:
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for ids in lists:
        for earlier, later in pairwise(ids):
            before[later] = earlier
            after[earlier] = later
    return before, after


def _places(directory: Directory) -> dict[str, list[Place]]:
    """Each article's places in the stories it belongs to."""
    copies = directory.digest.copies
    places: dict[str, list[Place]] = {}
    for thread in directory.digest.threads:
        story = directory.story_ref(thread)
        before = _precede(thread.members, copies)
        after = _precede(thread.members[::-1], copies)
        for page_id in thread.members:
            earlier, later = before[page_id], after[page_id]
            place = Place(
                story.title,
                story.href,
                directory.ref(earlier) if earlier else None,
                directory.ref(later) if later else None,
                story.lang,
            )
            places.setdefault(page_id, []).append(place)
    return places


def _precede(ids: Sequence[str], copies: Mapping[str, str]) -> dict[str, str]:
    """What stands before each page, or nothing: never a copy of what is here too, nor the text
    that the page itself repeats."""
    held = frozenset(ids) if copies else ids
    found: dict[str, str] = {}
    last = last_but_one = ""
    for page_id in ids:
        original = copies.get(page_id)
        found[page_id] = last_but_one if last and last == original else last
        if original not in held:
            last_but_one, last = last, page_id
    return found


def _gather_copies(copies: Mapping[str, str]) -> dict[str, list[str]]:
    """Each original's copies."""
    found: dict[str, list[str]] = {}
    for copy in sorted(copies):
        found.setdefault(copies[copy], []).append(copy)
    return found


def _moment(directory: Directory, page: Page) -> Moment | None:
    moment = page.moment
    if moment is None:
        return None
    written = directory.local(moment).isoformat()
    day = directory.name_day(written[:10])
    collected = moment != page.published
    if page.day_only and not collected:
        return Moment(written[:10], day, collected)
    return Moment(stamp_of(moment), f"{day} {written[11:16]}", collected)


def _hero(version: Version) -> Hero | None:
    hero = version.hero
    if hero is None:
        return None
    remote = hero.url.startswith(("https:", "http:"))
    src = "" if remote else asset_url(version.path, hero.url)[1:]
    if not (remote or src):
        return None
    return Hero(hero.url if remote else "", src, hero.caption or "", hero.credit or "")


def _local(directory: Directory, page: Page) -> tuple[tuple[str, str], ...]:
    known = directory.digest.local
    found = [(link, known[link]) for link in page.versions[-1].links if link in known]
    return tuple((link, directory.ref(target).href) for link, target in found if target != page.id)


def _related(directory: Directory, page: Page) -> tuple[Related, ...]:
    known = directory.digest.local
    found: dict[str, Related] = {}
    for link in page.versions[-1].related:
        target = known.get(link.url)
        if target == page.id or len(found) == RELATED:
            continue
        if target is not None:
            ref = directory.ref(target)
            found.setdefault(ref.href, Related(ref.title, ref.href, link.url, ref.lang))
        elif link.text:
            found.setdefault(link.url, Related(link.text, "", link.url))
    return tuple(found.values())


def _tags(names: Iterable[str], tags: dict[str, Ref]) -> tuple[Ref, ...]:
    found: dict[str, Ref] = {}
    for name in names:
        if name in tags:
            found.setdefault(tags[name].href, tags[name])
    return tuple(found.values())


def _versions(directory: Directory, page: Page) -> tuple[VersionNote, ...]:
    notes = []
    for version in page.versions:
        stamp = label = ""
        if version.fetched is not None:
            written = directory.local(version.fetched).isoformat()
            label = f"{directory.name_day(written[:10])} {written[11:16]}"
            stamp = stamp_of(version.fetched)
        notes.append(VersionNote(stamp, label, "" if version.title == page.title else version.title))
    return tuple(notes)

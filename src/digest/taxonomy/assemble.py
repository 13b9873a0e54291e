"""The whole edition from all versions: pure, and always computed anew.

    versions ──group──▶ groups ──pages──▶ pages ──correct──▶ shown pages, listings, links  (`survey`)
    shown pages ──group──▶ the machine's stories ──lay the editor's files over──▶ threads
    shown pages, threads ──▶ Digest                                                        (`complete`)

Nothing here depends on the order of its input or on an earlier build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from digest.config import SiteConfig
from digest.errors import Problem
from digest.model import Curated, Digest, Grouping, Page, Version
from digest.sources.address import Addresses
from digest.taxonomy.clock import find_now
from digest.taxonomy.corrections import Corrected, correct, corrects
from digest.taxonomy.former import map_former
from digest.taxonomy.listings import Listings, list_pages, name_tags
from digest.taxonomy.lookup import Lookup, map_curators_links, map_links
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.overlay import narrow
from digest.taxonomy.pages import build_pages
from digest.taxonomy.takedown import find_copies
from digest.taxonomy.telling import tell_all
from digest.taxonomy.threads import Archive, Teller, build_threads
from digest.taxonomy.versions import group_versions

_NEVER = datetime.min.replace(tzinfo=UTC)


class Survey(NamedTuple):
    """All of an edition that hangs on its articles and the curator's corrections alone: `pages` before
    corrections, the `archive` of those shown, what became of the others, the listings, where the
    articles' links lead, what is wrong, the moment after which dates lie in the future, and the articles'
    addresses of old."""

    pages: tuple[Page, ...]
    archive: Archive
    corrected: Corrected
    listings: Listings
    links: Mapping[str, str]
    problems: tuple[Problem, ...]
    present: datetime | None
    former: Mapping[str, str]


def assemble(
    versions: Sequence[Version],
    curated: Curated,
    config: SiteConfig,
    text_of: Callable[[str], str],
    now: datetime | None = None,
    group: Callable[[Sequence[Page]], Callable[[], Grouping]] | None = None,
    teller: Teller = tell_all,
) -> Digest:
    """The edition of `versions` and the curator's files.

    `text_of` gives a body's running text by its digest; it is asked for few. `now` overrides
    the newest plausible time of fetching as the moment after which dates lie in the future.
    `group` begins to find the stories among all pages, as they were before the curator's corrections, so
    that mending or hiding one rearranges no story, and is waited for when all else is done; without it
    there are the editor's alone. `teller` tells them.
    """
    waiting: list[Callable[[], Grouping]] = []

    def begin(pages: Sequence[Page]) -> None:
        if group is not None:
            waiting.append(group(pages))

    surveyed = survey(versions, curated, config, text_of, now, begin)
    return complete(surveyed, curated, waiting[0]() if waiting else Grouping(), teller)


def survey(
    versions: Sequence[Version],
    curated: Curated,
    config: SiteConfig,
    text_of: Callable[[str], str],
    now: datetime | None = None,
    begin: Callable[[Sequence[Page]], None] = lambda _: None,
) -> Survey:
    """The first half, as for `assemble`. `begin` gets all pages, by moment and id, once they are known."""
    zone = ZoneInfo(config.timezone)
    now = now or find_now(versions)
    groups, problems = group_versions(versions, text_of)
    tag_names = name_tags((g.versions[-1] for g in groups), config.profiles)
    all_pages = build_pages(groups, zone, now, tag_names)
    all_pages.sort(key=_rank)
    begin(all_pages)
    outlets = Outlets(config.profiles, {p.source for p in all_pages})
    addresses = Addresses(config.profiles)
    lookup = Lookup(all_pages, addresses)
    corrected = correct(all_pages, curated, lookup, outlets, zone, now)
    pages = sorted(corrected.pages, key=_rank) if corrects(curated) else all_pages
    shown = Lookup(pages, addresses) if corrects(curated) else lookup
    listings = list_pages(pages, zone)
    days = {page: day for day, listed in listings.days.items() for page in listed}
    archive = Archive(pages, shown, lookup, outlets, days)
    links = map_links(pages, shown)
    former, taken = map_former(pages) if config.permalinks else ({}, ())
    return Survey(tuple(all_pages), archive, corrected, listings, links, (*problems, *taken), now, former)


def complete(surveyed: Survey, curated: Curated, grouping: Grouping, teller: Teller = tell_all) -> Digest:
    """The second half: the edition with its stories. `grouping` holds the machine's."""
    archive, listings, corrected = surveyed.archive, surveyed.listings, surveyed.corrected
    copied = find_copies(corrected.gone, grouping.copies, (page.id for page in archive.pages))
    if corrects(curated):
        grouping = narrow(grouping, archive.pages)
    stories = build_threads(curated.threads, grouping, archive, teller)
    links = {**surveyed.links, **map_curators_links(curated, archive.lookup)}
    return Digest(
        pages=tuple(archive.pages),
        sources=listings.sources,
        topics=listings.topics,
        tags=listings.tags,
        days=listings.days,
        undated=listings.undated,
        threads=stories.threads,
        local=dict(sorted(links.items())),
        curator_pages=tuple(sorted(curated.pages, key=lambda p: (p.order, p.title, p.path))),
        editions=tuple(sorted(curated.editions, key=lambda e: (e.day, e.path))),
        hidden=tuple(p.id for p in corrected.hidden),
        problems=(
            *surveyed.problems, *_curators_problems(curated), *corrected.problems, *copied,
            *stories.problems,
        ),
        now=surveyed.present,
        hidden_paths=tuple(sorted(v.path for p in corrected.hidden for v in p.versions)),
        copies=stories.copies,
        retired=stories.retired,
        tombstones=corrected.tombstones,
        former=dict(surveyed.former),
    )  # fmt: skip


def _rank(page: Page) -> tuple[datetime, str]:
    return page.moment or _NEVER, page.id


def _curators_problems(curated: Curated) -> Iterable[Problem]:
    yield from curated.problems
    for page in curated.pages:
        yield from page.problems
    for edition in curated.editions:
        yield from edition.problems
    for thread in curated.threads:
        yield from thread.problems

"""The whole edition from all versions: pure, and always computed anew.

    versions ──group──▶ groups ──pages──▶ pages ──correct──▶ shown pages
    shown pages ──group──▶ the machine's stories ──lay the editor's files over──▶ threads
    shown pages, threads ──▶ listings, local links ──▶ Digest

Nothing here depends on the order of its input or on an earlier build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from digest.config import SiteConfig
from digest.errors import Problem
from digest.model import Curated, Digest, Grouping, Page, Version
from digest.sources.address import Addresses
from digest.taxonomy.clock import find_now
from digest.taxonomy.corrections import correct
from digest.taxonomy.listings import list_pages, name_tags
from digest.taxonomy.lookup import Lookup, map_links
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.overlay import narrow
from digest.taxonomy.pages import build_pages
from digest.taxonomy.telling import tell_all
from digest.taxonomy.threads import Archive, Teller, build_threads
from digest.taxonomy.versions import group_versions

_NEVER = datetime.min.replace(tzinfo=UTC)


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
    zone = ZoneInfo(config.timezone)
    now = now or find_now(versions)
    groups, problems = group_versions(versions, text_of)
    tag_names = name_tags((g.versions[-1] for g in groups), config.profiles)
    all_pages = build_pages(groups, zone, now, tag_names)
    all_pages.sort(key=_rank)
    find_groups = group(all_pages) if group else Grouping
    outlets = Outlets(config.profiles, {p.source for p in all_pages})
    addresses = Addresses(config.profiles)
    lookup = Lookup(all_pages, addresses)
    corrected = correct(all_pages, curated.corrections, lookup, outlets, zone, now)
    pages = sorted(corrected.pages, key=_rank) if curated.corrections else all_pages
    shown = Lookup(pages, addresses) if curated.corrections else lookup
    listings = list_pages(pages, zone)
    days = {page: day for day, listed in listings.days.items() for page in listed}
    archive = Archive(pages, shown, lookup, outlets, days)
    local = map_links(pages, curated, shown)
    grouping = find_groups()
    if curated.corrections:
        grouping = narrow(grouping, pages)
    stories = build_threads(curated.threads, grouping, archive, teller)
    return Digest(
        pages=tuple(pages),
        sources=listings.sources,
        topics=listings.topics,
        tags=listings.tags,
        days=listings.days,
        undated=listings.undated,
        threads=stories.threads,
        local=local,
        curator_pages=tuple(sorted(curated.pages, key=lambda p: (p.order, p.title, p.path))),
        editions=tuple(sorted(curated.editions, key=lambda e: (e.day, e.path))),
        hidden=tuple(p.id for p in corrected.hidden),
        problems=(*problems, *_curators_problems(curated), *corrected.problems, *stories.problems),
        now=now,
        hidden_paths=tuple(sorted(v.path for p in corrected.hidden for v in p.versions)),
        copies=stories.copies,
        retired=stories.retired,
    )


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

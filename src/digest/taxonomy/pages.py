"""One page from the versions of one article: id, address, day, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo

from digest.errors import Problem
from digest.ids import page_id, short_hash
from digest.model import Page, Version
from digest.taxonomy.clock import is_plausible
from digest.taxonomy.versions import Group


def build_pages(
    groups: Iterable[Group], zone: tzinfo, now: datetime | None, tag_names: Mapping[str, str]
) -> list[Page]:
    """A page for each group, in the groups' order (the order decides who keeps an id that
    two keys make). `tag_names` maps a tag as written to the one shown; others are dropped."""
    taken: set[str] = set()
    pages: list[Page] = []
    for group in groups:
        name = _free_id(group, taken)
        taken.add(name)
        pages.append(_build(name, group, zone, now, tag_names))
    return pages


def address(name: str, day: str) -> str:
    """The path of the page `name`: `/2020/08/11/<name>.html`, or `/undated/<name>.html`."""
    return f"/{day.replace('-', '/') if day else 'undated'}/{name}.html"


def local_day(moment: datetime | None, zone: tzinfo) -> str:
    """The day of a moment in `zone`, `YYYY-MM-DD`; empty for none."""
    if moment is None:
        return ""
    try:
        return moment.astimezone(zone).date().isoformat()
    except OverflowError:  # the very first and last day there is
        return moment.date().isoformat()


def rank(published: datetime | None, versions: Iterable[Version], now: datetime | None) -> datetime | None:
    """What a page is ranked by: its time of publication, else the first plausible time of fetching."""
    if is_plausible(published, now):
        return published
    return next((v.fetched for v in versions if is_plausible(v.fetched, now)), None)


def _build(name: str, group: Group, zone: tzinfo, now: datetime | None, tag_names: Mapping[str, str]) -> Page:
    versions = group.versions
    newest = versions[-1]
    published, day_only = _first_published(versions)
    moment = rank(published, versions, now)
    day = local_day(_first_seen(versions, now) or moment, zone)
    problems = newest.problems if len(versions) == 1 else tuple(p for v in versions for p in v.problems)
    if published and not is_plausible(published, now):
        problems = (*problems, _in_future(versions, published, moment))
    return Page(
        id=name,
        url=address(name, day),
        versions=versions,
        source=newest.source,
        title=newest.title,
        authors=newest.authors,
        published=published,
        moment=moment,
        day=day,
        topics=newest.topics,
        tags=tuple(dict.fromkeys(tag_names[t] for t in newest.tags if t in tag_names)) if newest.tags else (),
        problems=problems,
        day_only=day_only,
    )


def _free_id(group: Group, taken: set[str]) -> str:
    plain = page_id(group.source, group.key)
    name = f"{plain}-{group.serial}" if group.serial > 1 else plain
    if name in taken:
        # Two keys that differ in letter case alone, or a key that looks like another's second article.
        plain = f"{plain}-{short_hash(group.key)}"
        name = f"{plain}-{group.serial}" if group.serial > 1 else plain
    return name


def _first_published(versions: tuple[Version, ...]) -> tuple[datetime | None, bool]:
    if len(versions) == 1:
        return versions[0].published, versions[0].published is not None and versions[0].day_only
    exact = [v.published for v in versions if v.published and not v.day_only]
    days = [v.published for v in versions if v.published and v.day_only]
    return (min(exact), False) if exact else (min(days), True) if days else (None, False)


def _first_seen(versions: tuple[Version, ...], now: datetime | None) -> datetime | None:
    # Only the version fetched first counts: its day must not move when others arrive.
    first = versions[0]
    if is_plausible(first.fetched, now):
        return first.fetched
    return first.published if is_plausible(first.published, now) else None


def _in_future(versions: tuple[Version, ...], published: datetime, moment: datetime | None) -> Problem:
    path = next(v.path for v in versions if v.published == published)
    done = "ranked by the time of fetching" if moment else "listed among the undated"
    message = f"published {published:%Y-%m-%dT%H:%M:%SZ} lies after all that was fetched; {done}"
    return Problem("date-future", message, path)

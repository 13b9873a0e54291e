"""Applies the curator's corrections and takedowns to finished pages.

A correction never touches what a page *is*: versions are grouped, and its id and address
made, from the scrapes alone, so no published address moves when a title or an outlet is mended
(an undated page alone moves, once, to the day it is given). A page filed under the wrong outlet
is listed under the right one; the twin it may have there can be hidden.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, NamedTuple

import msgspec

from digest.errors import Problem
from digest.model import Correction, Curated, Page, Takedown, Tombstone
from digest.taxonomy.clock import is_plausible
from digest.taxonomy.lookup import Lookup
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.pages import address, local_day, rank
from digest.taxonomy.takedown import take_down


class Corrected(NamedTuple):
    """The pages that are shown, those that are hidden, and the corrections and takedowns that hit
    nothing; what stands for the pages that were taken down, with the entry for each."""

    pages: list[Page]
    hidden: list[Page]
    problems: list[Problem]
    tombstones: tuple[Tombstone, ...] = ()
    gone: Mapping[str, Takedown] = {}


def correct(
    pages: Sequence[Page],
    curated: Curated,
    lookup: Lookup,
    outlets: Outlets,
    zone: tzinfo,
    now: datetime | None,
) -> Corrected:
    """`pages` with the corrections applied in order, a later one adding to an earlier, and without
    those that are hidden or taken down.

    A URL under which several pages are filed means all of them, a page id only one.
    """
    if not corrects(curated):
        return Corrected(list(pages), [], [])
    mended: dict[str, Page] = {}
    hidden: set[str] = set()
    problems: list[Problem] = []
    by_id: Mapping[str, Page] = {page.id: page for page in pages}
    for correction in curated.corrections:
        ids = lookup.find_all(correction.url)
        if not ids:
            message = f"no article here has the address {correction.url!r}; correction left out"
            problems.append(Problem("correction-unknown", message, correction.path, correction.line))
        for name in ids:
            if correction.hide:
                hidden.add(name)
            page, fault = _mend(mended.get(name, by_id[name]), correction, outlets, zone, now)
            mended[name] = page
            problems += fault
    gone = take_down(curated.takedowns, lookup, {**by_id, **mended})
    hidden |= gone.entries.keys()
    shown = [mended.get(p.id, p) for p in pages if p.id not in hidden]
    left = [p for p in pages if p.id in hidden]
    return Corrected(shown, left, [*problems, *gone.problems], gone.tombstones, gone.entries)


def corrects(curated: Curated) -> bool:
    """Whether the curator's files change any page."""
    return bool(curated.corrections or curated.takedowns)


def _mend(
    page: Page, correction: Correction, outlets: Outlets, zone: tzinfo, now: datetime | None
) -> tuple[Page, list[Problem]]:
    changes: dict[str, Any] = {}
    problems: list[Problem] = []
    if correction.title is not None:
        changes["title"] = correction.title
    if correction.authors is not None:
        changes["authors"] = correction.authors
    if correction.source is not None:
        slug = outlets.find(correction.source)
        if slug is None:
            near = outlets.suggest(correction.source)
            message = f"source {correction.source!r} is no outlet known here{near}; left as it was"
            problems.append(Problem("source-unknown", message, correction.path, correction.line))
        else:
            changes["source"] = slug
    if correction.published is not None:
        published = correction.published
        if published.tzinfo is None:
            published = published.replace(tzinfo=zone)
        published = published.astimezone(UTC)
        changes |= {
            "published": published,
            "day_only": correction.day_only,
            "moment": rank(published, page.versions, now),
            "problems": tuple(p for p in page.problems if p.code not in ("date-future", "date-missing")),
        }
        if not is_plausible(published, now):
            message = f"published {published:%Y-%m-%dT%H:%M:%SZ} lies after all that was fetched"
            problems.append(Problem("date-future", message, correction.path, correction.line))
        if not page.day:
            day = local_day(changes["moment"], zone)
            changes |= {"day": day, "url": address(page.id, day)}
    return msgspec.structs.replace(page, **changes) if changes else page, problems

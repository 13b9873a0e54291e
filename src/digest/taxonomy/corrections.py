"""Applies the curator's corrections to finished pages.

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
from digest.model import Correction, Page
from digest.taxonomy.clock import is_plausible
from digest.taxonomy.lookup import Lookup
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.pages import address, local_day, rank


class Corrected(NamedTuple):
    """The pages that are shown, those that are hidden, and the corrections that hit nothing."""

    pages: list[Page]
    hidden: list[Page]
    problems: list[Problem]


def correct(
    pages: Sequence[Page],
    corrections: Sequence[Correction],
    lookup: Lookup,
    outlets: Outlets,
    zone: tzinfo,
    now: datetime | None,
) -> Corrected:
    """`pages` with `corrections` applied in order; a later one adds to an earlier.

    A URL under which several pages are filed means all of them, a page id only one.
    """
    if not corrections:
        return Corrected(list(pages), [], [])
    mended: dict[str, Page] = {}
    hidden: set[str] = set()
    problems: list[Problem] = []
    by_id: Mapping[str, Page] = {page.id: page for page in pages}
    for correction in corrections:
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
    shown = [mended.get(p.id, p) for p in pages if p.id not in hidden]
    return Corrected(shown, [p for p in pages if p.id in hidden], problems)


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

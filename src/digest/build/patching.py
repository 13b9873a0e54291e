"""Puts one article's new reading in the place of the old one, in an edition that is otherwise as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from digest.build.reading import reread_articles
from digest.taxonomy.lookup import map_links

if TYPE_CHECKING:
    from digest.build.accounts import Edition
    from digest.build.run import Run
    from digest.build.scan import Found
    from digest.model import Page, Version

_PLACE = (
    "source",
    "key",
    "link",
    "published",
    "day_only",
    "fetched",
    "tags",
    "topics",
    "sections",
    "related",
    "former",
)
"""What decides which page a version is of, and where the site lists it."""


def replace_version(run: Run, edition: Edition, found: Found) -> Edition | None:
    """The edition with the file `found` read anew; None where its page would stand elsewhere, or the
    curator corrected it, so that all must be assembled.

    Whether its story is still the same is left as it was.
    """
    articles = [each for each in edition.files if each.kind == "article"]
    readings = reread_articles(run, articles, edition.readings, (found.path,))
    old = _find(edition.readings.versions, found.path)
    new = _find(readings.versions, found.path)
    if old is None or new is None or any(getattr(old, name) != getattr(new, name) for name in _PLACE):
        return None
    surveyed, digest = edition.surveyed, edition.digest
    page = next((p for p in surveyed.pages if any(v.path == found.path for v in p.versions)), None)
    if page is None or not any(p is page for p in digest.pages):
        return None
    patched = _patch(page, old, new)
    pages = tuple(patched if p is page else p for p in surveyed.pages)
    shown = (
        pages if surveyed.pages == digest.pages else tuple(patched if p is page else p for p in digest.pages)
    )
    links = {**surveyed.links, **map_links([patched], surveyed.archive.lookup)}
    archive = surveyed.archive._replace(pages=shown)
    return msgspec.structs.replace(
        edition,
        readings=readings,
        surveyed=surveyed._replace(pages=pages, archive=archive, links=links),
        digest=msgspec.structs.replace(digest, pages=shown, local={**digest.local, **links}),
    )


def _find(versions: tuple[Version, ...], path: str) -> Version | None:
    return next((version for version in versions if version.path == path), None)


def _patch(page: Page, old: Version, new: Version) -> Page:
    versions = tuple(new if version is old else version for version in page.versions)
    own = [problem for problem in page.problems if not any(problem in v.problems for v in page.versions)]
    return msgspec.structs.replace(
        page,
        versions=versions,
        title=versions[-1].title,
        authors=versions[-1].authors,
        problems=(*(problem for version in versions for problem in version.problems), *own),
    )

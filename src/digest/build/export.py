"""`digest export`: pages and threads as JSON Lines, for other programs.

The fields are a contract (docs/pages/export.md): scripts rely on them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from digest.build.pipeline import read_edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.config import SiteConfig
    from digest.errors import Problem
    from digest.model import Digest, Page, Picture


def export_pages(config: SiteConfig, **options: Any) -> Iterator[bytes]:
    """One JSON object a page, oldest first, each ending in a newline. `options` as for a build."""
    with read_edition(config, **options) as (edition, store):
        threads = _threads_by_page(edition.digest)
        for page in edition.digest.pages:
            record = _page_record(page, threads.get(page.id, []), lambda body: store.body(body).text)
            yield msgspec.json.encode(record) + b"\n"


def export_threads(config: SiteConfig, **options: Any) -> Iterator[bytes]:
    """One JSON object a thread, the editor's first, each ending in a newline. `options` as for a build."""
    with read_edition(config, **options) as (edition, _):
        pass
    pages = {page.id: page for page in edition.digest.pages}
    for thread in edition.digest.threads:
        record = {
            "id": thread.id,
            "url": thread.url,
            "title": thread.title,
            "curated": thread.curated,
            "first": thread.first or None,
            "last": thread.last or None,
            "sources": thread.sources,
            "former": thread.former,
            "related": thread.related,
            "events": [
                {"day": event.day or None, "key": event.key, "pages": event.members}
                for event in thread.events
            ],
            "paths": [version.path for member in thread.members for version in pages[member].versions],
        }
        yield msgspec.json.encode(record) + b"\n"


def _threads_by_page(digest: Digest) -> dict[str, list[str]]:
    threads: dict[str, list[str]] = {}
    for thread in digest.threads:
        for member in thread.members:
            threads.setdefault(member, []).append(thread.id)
    return threads


def _page_record(page: Page, threads: list[str], text_of: Callable[[str], str]) -> dict[str, Any]:
    newest = page.newest
    return {
        "id": page.id,
        "url": page.url,
        "path": newest.path,
        "versions": [version.path for version in page.versions],
        "source": page.source,
        "link": newest.link or None,
        "title": page.title,
        "kicker": newest.kicker,
        "authors": page.authors,
        "published": format_time(page.published),
        "fetched": format_time(newest.fetched),
        "lang": newest.lang,
        "lead": newest.lead,
        "text": text_of(newest.body),
        "hero": _picture_record(newest.hero),
        "images": [_picture_record(picture) for picture in newest.images],
        "tags": page.tags,
        "topics": page.topics,
        "threads": threads,
        "problems": [_problem_record(problem) for problem in page.problems],
    }


def _picture_record(picture: Picture | None) -> dict[str, str | None] | None:
    if picture is None:
        return None
    return {"url": picture.url, "caption": picture.caption, "credit": picture.credit}


def _problem_record(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "message": problem.message, "path": problem.path, "line": problem.line}


def format_time(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with `Z`, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None

"""A small `Digest` by hand, for tests of what is made of one."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from digest.config import SiteConfig, load_config
from digest.model import Body, CuratorPage, Digest, Event, Page, Thread, Version

START = datetime(2023, 11, 1, 8, 0, tzinfo=UTC)
BODY = Body("<p>两国元首在旧金山会晤。</p>", "两国元首在旧金山会晤。")


def config_in(folder: Path, **fields: Any) -> SiteConfig:
    """The defaults for a site in `folder`, but for `fields`."""
    (folder / "content").mkdir(exist_ok=True)
    return msgspec.structs.replace(load_config(folder), **fields)


def scrape(number: int, *, moment: datetime | None = None, **fields: Any) -> Version:
    """One scraped file of article `number`, published `number` hours after the start."""
    when = moment or START + timedelta(hours=number)
    given = {
        "path": f"rfi/{number}.md",
        "source": "rfi",
        "key": f"key:{number}",
        "link": f"https://www.example.com/{number}",
        "title": f"第{number}篇",
        "lang": "zh-Hans",
        "body": "plain",
        "published": when,
        "fetched": when,
    }
    return Version(**{**given, **fields})


def page_of(*versions: Version, **fields: Any) -> Page:
    """The page of these versions, oldest first."""
    first, newest = versions[0], versions[-1]
    name = f"{newest.source}-{newest.key.rpartition(':')[2]}"
    moment = first.published or first.fetched
    day = f"{moment:%Y-%m-%d}" if moment else ""
    given = {
        "id": name,
        "url": f"/{day.replace('-', '/') or 'undated'}/{name}.html",
        "versions": versions,
        "source": newest.source,
        "title": newest.title,
        "authors": newest.authors,
        "published": first.published,
        "moment": moment,
        "day": day,
        "topics": newest.topics,
        "tags": newest.tags,
    }
    return Page(**{**given, **fields})


def digest_of(
    *pages: Page, threads: tuple[Thread, ...] = (), curated: tuple[CuratorPage, ...] = (), **fields: Any
) -> Digest:
    """The edition of these pages: ordered and listed as the taxonomy would. `fields` are others of
    the `Digest`."""
    never = datetime.min.replace(tzinfo=UTC)
    ordered = sorted(pages, key=lambda page: (page.moment or never, page.id))
    sources, topics, tags, days = (defaultdict[str, list[str]](list) for _ in range(4))
    for page in ordered:
        sources[page.source].append(page.id)
        for topic in page.topics:
            topics[topic].append(page.id)
        for tag in page.tags:
            tags[tag].append(page.id)
        if page.day:
            days[page.day].append(page.id)
    listings = [
        {key: tuple(ids) for key, ids in listing.items()} for listing in (sources, topics, tags, days)
    ]
    undated = tuple(page.id for page in ordered if not page.day)
    digest = Digest(
        pages=tuple(ordered),
        sources=listings[0],
        topics=listings[1],
        tags=listings[2],
        days=listings[3],
        undated=undated,
        threads=threads,
        local={},
        curator_pages=curated,
        editions=(),
        hidden=(),
        problems=(),
    )
    return msgspec.structs.replace(digest, **fields)


def thread_of(*pages: Page, name: str = "summit", title: str = "元首会晤", **fields: Any) -> Thread:
    """The curator's story of these pages, oldest first, each an event of its own. `fields` are others
    of the `Thread`; with `curated=False` it is the machine's."""
    days = [page.day for page in pages] or [""]
    thread = Thread(
        name,
        f"/threads/{name}/",
        title,
        True,
        tuple(page.id for page in pages),
        days[0],
        days[-1],
        tuple(dict.fromkeys(page.source for page in pages)),
        events=tuple(Event(page.day, (page.id,)) for page in pages),
    )
    return msgspec.structs.replace(thread, **fields)

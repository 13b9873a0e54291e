"""The real archive's articles as grouping takes them in, for the benchmarks of stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from archive import ARCHIVE, scratch, unpack

from digest.build.grouping import read_articles
from digest.build.pipeline import read_edition
from digest.build.stories import part_days, read_days
from digest.config import load_config
from digest.grouping.article import Article
from digest.grouping.fold import Decision
from digest.model import Version
from digest.scoring import Gold, read_gold


class Arrival(NamedTuple):
    """An article: when it arrived (its first fetch), the base names of its files (the first version's
    first), its first version and that one's running text, and what grouping knows of it."""

    at: datetime
    files: tuple[str, ...]
    version: Version
    text: str
    article: Article


class Archive(NamedTuple):
    """All articles with a time, in order of arrival; how page ids rank by moment; the site's zone."""

    arrivals: list[Arrival]
    order: dict[str, int]
    zone: ZoneInfo


def read_archive() -> Archive:
    """Read the whole archive as a build does. The second time its readings are remembered."""
    work = scratch()
    unpack(work)
    site = work / "stories"
    site.mkdir(exist_ok=True)
    (site / "site.toml").write_text('title = "Stories"\n', "utf-8")
    config = load_config(site, content=[work / ARCHIVE])
    with read_edition(config) as (edition, store):
        pages = edition.digest.pages
        days = part_days(pages, edition.readings, ZoneInfo(config.timezone))
        articles = read_articles(read_days(days, store))
        pairs = zip((a for day in days for a in day), (a for day in articles for a in day), strict=True)
        arrivals = [
            Arrival(
                each.at,
                tuple(Path(version.path).name for version in each.page.versions),
                each.page.versions[0],
                store.body(each.page.versions[0].body).text,
                article,
            )
            for each, article in pairs
        ]
    return Archive(arrivals, {p.id: n for n, p in enumerate(pages)}, ZoneInfo(config.timezone))


def read_labels(folder: Path, arrivals: Sequence[Arrival]) -> dict[str, Gold]:
    """The labels in `folder`, by the names of their files."""
    names = {name for arrival in arrivals for name in arrival.files}
    return {path.stem: read_gold(path.read_text("utf-8"), names) for path in sorted(folder.glob("*.tsv"))}


def name_stories(arrivals: Sequence[Arrival], decisions: Sequence[Decision]) -> dict[str, str]:
    """The story of each file whose article is in one of two articles or more. Cheaper than `gather`."""
    went = {join.gone: join.kept for decision in decisions for join in decision.joins}
    rows = [row for d in decisions for row in zip(d.stories, d.units, strict=True)]
    names = []
    for story, unit in rows:
        number = story
        while number in went:
            number = went[number]
        names.append(unit or (str(number) if number >= 0 else ""))
    sizes: dict[str, int] = {}
    for name in names:
        sizes[name] = sizes.get(name, 0) + 1
    return {
        file: name
        for arrival, name in zip(arrivals, names, strict=True)
        if name and sizes[name] > 1
        for file in arrival.files
    }

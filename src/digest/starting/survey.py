"""What an archive holds, as a build would find it: outlets, days, defects. The archive is only read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from digest.build.accounts import account, find_assets
from digest.build.pipeline import read_edition
from digest.config import SiteConfig, load_config
from digest.errors import Problem
from digest.ids import host_of
from digest.model import Lang, Page
from digest.places import FILE_NAME

if TYPE_CHECKING:
    from datetime import datetime

    from digest.build.accounts import Edition
    from digest.build.report import BuildReport
    from digest.starting.files import NewFile


class Outlet(Struct, frozen=True, kw_only=True):
    """An outlet's share: its articles, and the first and last day of them (empty where undated).

    One that no profile describes is told by the `host` of its articles, or else by the `folder` they
    lie in below the content folder, empty where they lie in none.
    """

    slug: str
    name: str
    is_known: bool
    articles: int
    first: str
    last: str
    host: str = ""
    folder: str = ""

    @property
    def is_homeless(self) -> bool:
        """Whether nothing tells of an outlet at all."""
        return not (self.is_known or self.host or self.folder)


class Defect(Struct, frozen=True):
    """A kind of problem: how often it was found, and the first of them."""

    code: str
    count: int
    first: Problem


class Survey(Struct, frozen=True, kw_only=True):
    """What is in an archive. `outlets` are ordered by size, `defects` by frequency."""

    files: int
    articles: int
    versions: int
    curated: int
    undated: int
    first: str
    last: str
    languages: tuple[tuple[Lang, int], ...]
    outlets: tuple[Outlet, ...]
    defects: tuple[Defect, ...]


def survey(
    content: Sequence[Path], site: NewFile, *, workers: int | None = None, now: datetime | None = None
) -> Survey:
    """Reads the folders `content` with the settings of `site`, a `site.toml`.

    Nothing is written to them: what a build remembers goes to a folder that vanishes.
    """
    with TemporaryDirectory(prefix="digest-") as folder:
        place = Path(folder)
        (place / FILE_NAME).write_text(site.text, "utf-8")
        config = load_config(place, content=content)
        config = msgspec.structs.replace(config, threads_automatic=False)
        with read_edition(config, workers=workers, now=now) as (edition, _):
            report = account(edition, find_assets(edition.digest, edition.files)[1])
            return _summarise(edition, report, config)


def _summarise(edition: Edition, report: BuildReport, config: SiteConfig) -> Survey:
    pages, zone = edition.digest.pages, ZoneInfo(config.timezone)
    days = _days(pages, zone)
    languages = Counter(page.newest.lang for page in pages)
    names = {profile.slug: profile.name for profile in config.profiles}
    by_outlet: dict[str, list[Page]] = {}
    for page in pages:
        by_outlet.setdefault(page.source, []).append(page)
    above = len(config.content) > 1  # then the content folder's name stands before an article's path
    outlets = [_outlet(slug, its, names, zone, above=above) for slug, its in by_outlet.items()]
    defects: dict[str, list[Problem]] = {}
    for problem in report.problems:
        defects.setdefault(problem.code, []).append(problem)
    return Survey(
        files=sum(found.kind == "article" for found in edition.files),
        articles=len(pages),
        versions=report.versions,
        curated=report.curator_files,
        undated=report.undated,
        first=days[0] if days else "",
        last=days[-1] if days else "",
        languages=tuple(languages.most_common()),
        outlets=tuple(sorted(outlets, key=lambda o: (-o.articles, o.slug))),
        defects=tuple(
            Defect(code, len(its), its[0])
            for code, its in sorted(defects.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
    )


def _outlet(
    slug: str, pages: Sequence[Page], names: dict[str, str], zone: ZoneInfo, *, above: bool
) -> Outlet:
    days = _days(pages, zone)
    is_known = slug in names
    host = next((host_of(page.newest.link) for page in pages if page.newest.link), "")
    folders = pages[0].newest.path.split("/")[above:-1]
    folder = "" if is_known or host or not folders else folders[0]
    return Outlet(
        slug=slug,
        name=names.get(slug) or host or folder or slug,
        is_known=is_known,
        articles=len(pages),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        host="" if is_known else host,
        folder=folder,
    )


def _days(pages: Iterable[Page], zone: ZoneInfo) -> list[str]:
    """The days the pages were published on, oldest first; those without a date left out."""
    return sorted(page.moment.astimezone(zone).date().isoformat() for page in pages if page.moment)

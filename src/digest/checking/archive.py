"""What is wrong with the articles: findings of the edition that was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from digest.checking.boilerplate import find_patterns
from digest.checking.clocks import count_midnights, find_shifts, is_ahead
from digest.checking.findings import Finding
from digest.checking.gaps import find_gaps
from digest.checking.texts import SHORT, Flaw, Marks, find_flaws
from digest.errors import Problem
from digest.ids import host_of
from digest.model import Page, Version
from digest.sources.address import unknown_slug
from digest.sources.profile import Profile

_CUT_SHARE, _CUT_FEWEST = 0.2, 5
_SAME_LENGTH, _WITHIN = 0.5, 4
_FEWEST = 20


class Article(NamedTuple):
    """A page as it is shown: its newest version and what its text tells."""

    page: Page
    marks: Marks

    @property
    def version(self) -> Version:
        """The version that is shown."""
        return self.page.newest


class Outlet(NamedTuple):
    """All articles of one outlet. `profile` is None where none describes it."""

    slug: str
    articles: Sequence[Article]
    profile: Profile | None


def judge_archive(
    articles: Sequence[Article], profiles: Sequence[Profile], timezone: str, today: date | None
) -> Iterator[Finding]:
    """All findings of the archive. `timezone` is the site's, `today` the newest day in it."""
    for article in articles:
        yield from _judge_article(article)
    zone = ZoneInfo(timezone)
    known = {profile.slug: profile for profile in reversed(profiles)}
    groups: dict[str, list[Article]] = {}
    for article in articles:
        groups.setdefault(article.page.source, []).append(article)
    for slug in sorted(groups):
        outlet = Outlet(slug, groups[slug], known.get(slug))
        yield from _judge_clock(outlet, timezone)
        yield from _judge_endings(outlet)
        yield from _judge_edges(outlet)
        if outlet.profile is None:
            yield from _judge_host(outlet)
        if today is not None:
            days = (a.page.moment.astimezone(zone).date() for a in outlet.articles if a.page.moment)
            yield from _judge_days(outlet, days, today)


def from_problems(problems: Iterable[Problem], pages: Iterable[Page]) -> Iterator[Finding]:
    """What the build itself reports, under its own codes; of an article's file, with its outlet."""
    outlets = {version.path: page.source for page in pages for version in page.versions}
    return (Finding(p.code, p.message, p.path, p.line, outlets.get(p.path, "")) for p in problems)


def _judge_article(article: Article) -> Iterator[Finding]:
    version, slug = article.version, article.page.source
    flaws: dict[str, Flaw] = {}
    for flaw in (*article.marks.flaws, *_find_field_flaws(article)):
        flaws.setdefault(flaw.code, flaw)
    for flaw in flaws.values():
        yield Finding(flaw.code, flaw.message, version.path, about=slug)
    if version.truncated:
        message = f"the outlet gives only the beginning, {version.size:,} characters"
        yield Finding("text-truncated", message, version.path, about=slug)
    elif version.size == 0 and version.images:
        yield Finding("text-empty", "has pictures and no text", version.path, about=slug)
    elif 0 < version.size < SHORT:
        message = f"has {version.size} characters of text (expected {SHORT} or more)"
        yield Finding("text-short", message, version.path, about=slug)
    if is_ahead(version) and version.published and version.fetched:
        message = (
            f"published {version.published:%Y-%m-%d %H:%M}, after it was fetched, "
            f"{version.fetched:%Y-%m-%d %H:%M} UTC (expected the other way round; look at the zone)"
        )
        yield Finding("clock-ahead", message, version.path, about=slug)


def _find_field_flaws(article: Article) -> Iterator[Flaw]:
    version = article.version
    words = {
        "title": article.page.title,
        "lead": version.lead or "",
        "authors": "、".join(article.page.authors),
        "captions": "\n".join(picture.caption for picture in version.images if picture.caption),
    }
    for field, text in words.items():
        for flaw in find_flaws(text):
            if flaw.code != "script-unknown":  # a name may be written as it likes
                yield flaw._replace(message=f"in the {field}: {flaw.message}")


def _judge_clock(outlet: Outlet, timezone: str) -> Iterator[Finding]:
    versions = [article.version for article in outlet.articles]
    zones = (outlet.profile.timezone, timezone) if outlet.profile else (timezone,)
    if midnights := count_midnights(versions, zones):
        zone, count, total = midnights
        message = (
            f"{outlet.slug}: {count:,} of {total:,} times are midnight in {zone} "
            "(expected times; if they are days, say day_only in the date's rule)"
        )
        yield Finding("clock-midnight", message, versions[0].path, about=outlet.slug)
    for shift in find_shifts(versions):
        way = "after" if shift.hours < 0 else "before"
        span = f"{shift.first:%Y-%m-%d} to {shift.last:%Y-%m-%d}"
        message = (
            f"{outlet.slug}: {shift.articles:,} articles of {span} seem published {abs(shift.hours)} h {way} "
            "they were fetched (expected minutes; mend the timezone in its profile, or add a shift)"
        )
        first = next(v for v in versions if v.published == shift.first)
        yield Finding("clock-shifted", message, first.path, about=outlet.slug)


def _judge_endings(outlet: Outlet) -> Iterator[Finding]:
    """Texts that break off though the profile knows nothing of it."""
    rest = [a for a in outlet.articles if not a.version.truncated and a.version.size]
    cuts: dict[str, list[Article]] = {}
    for article in rest:
        if article.marks.cut:
            cuts.setdefault(article.marks.cut, []).append(article)
    for how, those in sorted(cuts.items()):
        if len(those) >= max(_CUT_FEWEST, _CUT_SHARE * len(rest)):
            message = (
                f"{outlet.slug}: {len(those):,} of {len(rest):,} texts end in {how} "
                "(expected whole texts; if the outlet cuts them, say so by truncated in its profile)"
            )
            yield Finding("text-cut", message, those[0].version.path, about=outlet.slug)
    if same := _find_same_length(rest):
        length, those = same
        message = (
            f"{outlet.slug}: {len(those):,} of {len(rest):,} texts have about {length} characters "
            "(expected any length; if the outlet cuts them, say so by truncated in its profile)"
        )
        yield Finding("text-cut", message, those[0].version.path, about=outlet.slug)


def _find_same_length(articles: Sequence[Article]) -> tuple[int, list[Article]] | None:
    if len(articles) < _FEWEST:
        return None
    middle = sorted(a.version.size for a in articles)[len(articles) // 2]
    those = [a for a in articles if abs(a.version.size - middle) <= _WITHIN]
    return (middle, those) if middle >= SHORT and len(those) >= _SAME_LENGTH * len(articles) else None


def _judge_edges(outlet: Outlet) -> Iterator[Finding]:
    # A text that stands in two pages proves nothing.
    texts = {article.version.body: article for article in reversed(outlet.articles)}
    rows = sorted((article.version.path, article.marks) for article in texts.values())
    for pattern in find_patterns(rows):
        where = "begins" if pattern.edge == "head" else "ends"
        kind = "start" if pattern.edge == "head" else "end"
        message = (
            f"{outlet.slug}: {pattern.text!r} {where} paragraphs in {pattern.articles:,} articles "
            f"(expected their own words; a strip rule by block or {kind} takes it out; 0 is any number)"
        )
        yield Finding("boilerplate", message, pattern.path, about=outlet.slug)


def _judge_host(outlet: Outlet) -> Iterator[Finding]:
    hosts: dict[str, list[str]] = {}
    for article in outlet.articles:
        host = host_of(article.version.link)
        if host and unknown_slug(host) == outlet.slug:
            hosts.setdefault(host, []).append(article.version.path)
    for host, paths in hosts.items():
        message = (
            f"no profile knows {host} ({len(paths):,} articles, read as any page; "
            "expected a table [sources.<slug>] with this domain)"
        )
        yield Finding("host-unknown", message, paths[0], about=host)


def _judge_days(outlet: Outlet, days: Iterable[date], today: date) -> Iterator[Finding]:
    last = max(outlet.articles, key=lambda a: (a.page.moment is not None, a.page.moment or 0, a.page.id))
    for gap in find_gaps(days, today):
        many = f"about {gap.expected:,.0f} would have come"
        if gap.open:
            message = (
                f"{outlet.slug}: nothing since {gap.first}, {gap.days:,} days before the archive ends, "
                f"though {many} (expected articles; is the feed dead?)"
            )
            yield Finding("outlet-silent", message, last.version.path, about=outlet.slug)
        else:
            span = (
                f"on {gap.first}" if gap.days == 1 else f"from {gap.first} to {gap.last}, {gap.days:,} days"
            )
            message = f"{outlet.slug}: nothing {span}, though {many} (expected articles; fetch them again)"
            yield Finding("outlet-gap", message, "", about=outlet.slug)

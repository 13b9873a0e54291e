"""A site's size against what its host allows, and when at this pace it will be too large.

The limits are those of GitHub Pages: a published site of 1 GB, a file of 100 MB in the repository.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from msgspec import Struct

from digest.checking.findings import Finding

SITE_LIMIT, FILE_LIMIT = 1_000_000_000, 100_000_000
"""Bytes."""

_WARNED = 12.0  # months ahead
_RECENT = 28
_MONTH = 365.25 / 12


class Figures(Struct, frozen=True):
    """The site's size, and its growth: articles a day over the last four weeks, bytes that one article costs
    with all its share of lists, and months until the site reaches the limit (None where it does not grow)."""

    files: int = 0
    bytes: int = 0
    pages: int = 0
    daily: float = 0.0
    each: int = 0
    months: float | None = None


def measure(sizes: Mapping[str, int], days: Iterable[date], today: date | None) -> Figures:
    """The figures of a site: the sizes of its files by path, and the day of each of its articles."""
    dated = list(days)
    total = sum(sizes.values())
    figures = Figures(len(sizes), total, len(dated))
    if not dated or today is None:
        return figures
    since = today - timedelta(days=_RECENT)
    span = min(_RECENT, (today - min(dated)).days + 1)
    daily = sum(1 for day in dated if since < day <= today) / span
    each = total // len(dated)
    growth = daily * each
    months = max(0.0, SITE_LIMIT - total) / growth / _MONTH if growth else None
    return Figures(len(sizes), total, len(dated), round(daily, 1), each, months and round(months, 1))


def forecast(figures: Figures) -> str:
    """The growth in a sentence, or nothing to say."""
    if figures.months is None or not figures.daily:
        return ""
    daily = f"{figures.daily:,.0f}" if figures.daily >= 10 else f"{figures.daily:.1f}"
    pace = f"at {daily} articles a day of {figures.each / 1000:,.1f} kB each"
    if figures.bytes > SITE_LIMIT:
        return f"{pace} it grows by {figures.daily * figures.each * _MONTH / 1e6:,.0f} MB a month"
    months = figures.months
    span = f"{months:,.1f} months" if months < 24 else f"{months / 12:,.0f} years"
    return f"{pace} the limit of 1 GB is reached in {span}"


def judge_sizes(sizes: Mapping[str, int], figures: Figures) -> Iterable[Finding]:
    """Files and sites that are too large, or soon will be."""
    for path, size in sorted(sizes.items()):
        if size > FILE_LIMIT:
            message = f"has {size / 1e6:,.0f} MB (expected 100 MB at most: GitHub refuses more)"
            yield Finding("file-too-large", message, f"/{path}")
    whole = f"the site has {figures.bytes / 1e6:,.0f} MB"
    if figures.bytes > SITE_LIMIT:
        message = f"{whole} (expected 1,000 MB at most: GitHub Pages allows no more)"
        yield Finding("site-too-large", message, "/")
    elif figures.months is not None and figures.months < _WARNED:
        yield Finding("site-near-limit", f"{whole}; {forecast(figures)}", "/")

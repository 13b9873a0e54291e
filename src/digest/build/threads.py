"""Why an article is in its story, read from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from digest.build.grouping import read_articles
from digest.build.stories import part_days, read_days

if TYPE_CHECKING:
    from digest.build.accounts import Edition
    from digest.build.store import Store
    from digest.config import SiteConfig
    from digest.grouping.why import Why


def explain_page(config: SiteConfig, edition: Edition, store: Store, page: str) -> Why:
    """Why the page with this id is in its story, or in none."""
    from digest.grouping.days import compare_days, reach_back  # noqa: PLC0415
    from digest.grouping.explain import explain  # noqa: PLC0415
    from digest.grouping.fold import Settings  # noqa: PLC0415
    from digest.grouping.terms import OPENING  # noqa: PLC0415
    from digest.grouping.why import Why  # noqa: PLC0415
    from digest.text.folding import fold  # noqa: PLC0415

    if not config.threads_automatic:
        return Why(None, 0.0, 0.0, (), (), (), "automatic threads are switched off in site.toml")
    pages = {p.id: p for p in edition.grouped}
    days = part_days(edition.grouped, edition.readings, ZoneInfo(config.timezone))
    place = next((n for n, day in enumerate(days) if any(a.id == page for a in day)), None)
    if place is None:
        return Why(None, 0.0, Settings().story, (), (), (), "it has no date: it stands alone")
    reach = Settings().reach
    dates = [day[0].day for day in days]
    first = reach_back(dates, reach_back(dates, place, reach), reach)
    last = place
    while last + 1 < len(dates) and dates[last + 1] - reach <= dates[place]:
        last += 1
    articles = read_articles(read_days(days[first : last + 1], store))
    inputs = list(compare_days(articles, place - first, reach))
    seen = []
    for offset, day in enumerate(inputs, place - first):
        start = reach_back([d[0].day for d in articles], offset, reach)
        seen.append((day, [a for past in articles[start : offset + 1] for a in past]))
    stories = {member: group.id for group in edition.grouping.groups for member in group.members}
    near = {a.id for _, row in seen for a in row} & pages.keys()
    texts = {
        name: (fold(first.title), fold(store.body(first.body).text[:OPENING]))
        for name, first in ((name, pages[name].versions[0]) for name in sorted(near))
    }
    return explain(page, seen, stories, texts)

"""What a story page says, drawn from its articles: title, summary and timeline.

Nothing is written that no article says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from digest.model import Event, Lang, Page, Sentence
from digest.taxonomy.reports import (
    Report,
    choose_title,
    count_words,
    read_report,
    settle_language,
    weigh_headline,
)
from digest.taxonomy.summary import summarize

_BARE = 0.5
_KEY_OUTLETS = 3
_KEY_SHARE = 4
_MOST_KEYS = 12
_UNDATED = datetime.min.replace(tzinfo=UTC)


class Telling(Struct, frozen=True, gc=False):
    """A story in its own words: `title` is the cleaned headline of a member, in `lang`; `summary` and
    `events` are in order of time."""

    title: str
    lang: Lang
    summary: tuple[Sentence, ...]
    events: tuple[Event, ...]


def tell(
    members: Sequence[Page],
    events: Sequence[Sequence[str]],
    pinned: Collection[str],
    day_of: Callable[[Page], str],
    copies: Collection[str] = frozenset(),
) -> Telling:
    """Tell the story of `members`, ordered by moment (undated first), which `events` part by page id.

    `day_of` gives a page's day (empty where undated). `pinned` are pages whose events are key events,
    `copies` those that repeat the text of an earlier member. An id in `events` that is no member's is
    passed over; a member in no event is one of its own.
    """
    reports = {page.id: read_report(page, opening=len(members) > 2) for page in members}
    happenings = _part(reports, events, day_of)
    days = [day_of(happening[0].page) for happening in happenings]
    keys = _key_events(happenings, pinned)
    language = settle_language([report.lang for report in reports.values()])
    title = choose_title(tuple(reports.values()), language)
    leads = [_lead(happening, language, copies) for happening in happenings]
    return Telling(
        title=title.headline,
        lang=title.lang,
        summary=summarize(happenings, days, keys, count_words(reports.values()), language, title),
        events=tuple(
            Event(
                day=days[number],
                members=(lead.page.id, *(r.page.id for r in happenings[number] if r is not lead)),
                key=number in keys,
            )
            for number, lead in enumerate(leads)
        ),
    )


def _part(
    reports: dict[str, Report], events: Sequence[Sequence[str]], day_of: Callable[[Page], str]
) -> list[list[Report]]:
    """The reports of each event by moment; the events by day, moment and id of their first report."""
    left = dict(reports)
    happenings = [
        sorted((left.pop(name) for name in dict.fromkeys(event) if name in left), key=_moment)
        for event in events
    ]
    happenings += [[report] for report in left.values()]
    found = [happening for happening in happenings if happening]
    return sorted(found, key=lambda happening: (day_of(happening[0].page), *_moment(happening[0])))


def _moment(report: Report) -> tuple[datetime, str]:
    return report.page.moment or _UNDATED, report.page.id


def _key_events(happenings: Sequence[Sequence[Report]], pinned: Collection[str]) -> frozenset[int]:
    """The numbers of the key events: those with a pinned page, and the broadest.

    Broad are, of the quarter of the events (rounded up, twelve at most) that most outlets carried (then most
    reports, then the earliest), those of three outlets or more, and the broadest of all in any case.
    """
    outlets = [len({report.page.source for report in happening}) for happening in happenings]
    ranked = sorted(range(len(happenings)), key=lambda n: (-outlets[n], -len(happenings[n]), n))
    most = min(-(-len(happenings) // _KEY_SHARE), _MOST_KEYS)
    broad = [n for n in ranked[:most] if outlets[n] >= _KEY_OUTLETS] or ranked[:1]
    chosen = (n for n, happening in enumerate(happenings) if any(r.page.id in pinned for r in happening))
    return frozenset((*broad, *chosen))


def _lead(happening: Sequence[Report], language: Lang, copies: Collection[str]) -> Report:
    """The report that stands for an event: central, plain, with text of its own; the first of equals."""
    if len(happening) == 1:
        return happening[0]
    counts = count_words(happening)

    def worth(report: Report) -> float:
        bare = not report.page.newest.size or report.page.id in copies
        return weigh_headline(report, counts, len(happening), language) * (_BARE if bare else 1)

    return max(happening, key=worth)

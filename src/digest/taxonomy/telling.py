"""What a story page says, drawn from its articles: title, summary and timeline.

Nothing is written that no article says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from digest.model import Event, Lang, Sentence
from digest.taxonomy.material import Material
from digest.taxonomy.reports import (
    Happening,
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


class Telling(Struct, frozen=True, gc=False):
    """A story in its own words: `title` is the cleaned headline of a member, in `lang`; `summary` and
    `events` are in order of time."""

    title: str
    lang: Lang
    summary: tuple[Sentence, ...]
    events: tuple[Event, ...]


def tell(material: Material) -> Telling:
    """Tell a story. Its events come in the order of their first reports, reports in that of the material."""
    items = material.items
    reports = [read_report(item, opening=len(items) > 2) for item in items]
    language = settle_language([report.lang for report in reports])
    title, counts = choose_title(reports, language)
    parts = [[reports[n] for n in event] for event in sorted(map(sorted, material.events))]
    happenings = [Happening(p, counts if len(parts) == 1 else count_words(p)) for p in parts]
    days = [part[0].item.day for part in parts]
    keys = _key_events(parts, {items[n].id for n in material.pinned})
    copies = {items[n].id for n in material.copies}
    leads = [_lead(happening, language, copies) for happening in happenings]
    return Telling(
        title=title.headline,
        lang=title.lang,
        summary=summarize(happenings, days, keys, counts, language, title),
        events=tuple(
            Event(
                day=days[number],
                members=(lead.item.id, *(r.item.id for r in parts[number] if r is not lead)),
                key=number in keys,
            )
            for number, lead in enumerate(leads)
        ),
    )


def tell_all(stories: Iterable[Material]) -> list[Telling]:
    """Tell stories, one after the other."""
    return list(map(tell, stories))


def _key_events(happenings: Sequence[Sequence[Report]], pinned: Collection[str]) -> frozenset[int]:
    """The numbers of the key events: those with a pinned page, and the broadest.

    Broad are, of the quarter of the events (rounded up, twelve at most) that most outlets carried (then most
    reports, then the earliest), those of three outlets or more, and the broadest of all in any case.
    """
    outlets = [len({report.item.source for report in happening}) for happening in happenings]
    ranked = sorted(range(len(happenings)), key=lambda n: (-outlets[n], -len(happenings[n]), n))
    most = min(-(-len(happenings) // _KEY_SHARE), _MOST_KEYS)
    broad = [n for n in ranked[:most] if outlets[n] >= _KEY_OUTLETS] or ranked[:1]
    chosen = (n for n, happening in enumerate(happenings) if any(r.item.id in pinned for r in happening))
    return frozenset((*broad, *chosen))


def _lead(happening: Happening, language: Lang, copies: Collection[str]) -> Report:
    """The report that stands for an event: central, plain, with text of its own; the first of equals."""
    reports = happening.reports

    def worth(report: Report) -> float:
        bare = report.item.bare or report.item.id in copies
        return weigh_headline(report, happening.counts, len(reports), language) * (_BARE if bare else 1)

    return reports[0] if len(reports) == 1 else max(reports, key=worth)

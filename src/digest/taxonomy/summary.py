"""A story in one to four sentences of its articles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from digest.model import Lang, Sentence
from digest.taxonomy.reports import (
    Happening,
    Report,
    simplify,
    weigh_headline,
    weigh_words,
    words_of,
)
from digest.taxonomy.sentences import open_sentences, rate_sentence

_QUOTA = ((12, 4), (5, 3), (3, 2))
_READ = 4
_OVERLAP = 0.35
_SECOND = 0.75
_NEWS = 8
_FLOOR = 0.3
_OTHER_LANGUAGE = 0.75


class _Story(Struct, frozen=True, gc=False):
    """What all sentences of a story are weighed by; `size` is the number of its reports."""

    happenings: Sequence[Happening]
    counts: Mapping[str, int]
    language: Lang
    title: Report
    size: int


class _Candidate(Struct, frozen=True, gc=False):
    """A sentence with its words and worth, and its place: event, report, sentence."""

    sentence: Sentence
    words: frozenset[str]
    worth: float
    place: tuple[int, int, int]


def summarize(
    happenings: Sequence[Happening],
    days: Sequence[str],
    keys: Collection[int],
    counts: Mapping[str, int],
    language: Lang,
    title: Report,
) -> tuple[Sentence, ...]:
    """Sentences that tell the story: how it began, where it stands, its biggest turns, in order of time.

    `happenings` are the story's events in order of time, each with its reports by moment; `days` the day of
    each; `keys` the numbers of the key events; `counts` the words of all reports; `title` the report that
    names the story. A pair gets one sentence, of the article that gives the title if that has one; three
    reports get two, five three, twelve four, but each of another day, or two where there is but one.

    The event that names the story gives one, the latest that more than one report carried (else the latest
    of all) another, the first key event the next, then the other key events by breadth and the rest.
    Of an event's sentences that is taken which is nearest to the event and the story and repeats least:
    none that shares a third of its words with another, that adds next to nothing to the title, or that
    is worth much less than the first.
    """
    size = sum(len(happening.reports) for happening in happenings)
    if size < 3:
        return _of_pair([report for happening in happenings for report in happening.reports], title)
    story = _Story(happenings, counts, language, title, size)
    single = len(set(days)) == 1
    quota = min(2 if single else len(set(days)), next(n for reports, n in _QUOTA if story.size >= reports))
    told: set[str] = set()
    taken: list[_Candidate] = []
    for number in _order(story, keys):
        if len(taken) < quota and (single or days[number] not in told):
            best = _best(_read(story, number, _central(story, number), 0), taken)
            taken += best
            told.update(days[number] for _ in best)
    if len(taken) == 1:
        number, report, _ = taken[0].place
        rest = [n for n in range(len(happenings[number].reports)) if n != report]
        taken += _best([*_read(story, number, rest[:_READ], 0), *_read(story, number, [report], 1)], taken)
    return tuple(c.sentence for c in sorted(taken, key=lambda c: c.place))


def _of_pair(reports: Sequence[Report], title: Report) -> tuple[Sentence, ...]:
    for report in sorted(reports, key=lambda r: r is not title):
        for text in open_sentences(report.item.lead, report.item.excerpt)[:1]:
            if len(words_of(simplify(text, report.lang), report.lang) - title.words) >= _NEWS:
                return (Sentence(text, report.item.id, report.lang),)
    return ()


def _order(story: _Story, keys: Collection[int]) -> list[int]:
    happenings, numbers = [h.reports for h in story.happenings], range(len(story.happenings))
    named = next(n for n in numbers if any(report is story.title for report in happenings[n]))
    carried = [n for n in numbers if len(happenings[n]) > 1]
    latest = carried[-1] if carried else numbers[-1]
    breadth = [
        (n not in keys, -len({r.item.source for r in happenings[n]}), -len(happenings[n])) for n in numbers
    ]
    return list(dict.fromkeys((named, latest, min(keys), *sorted(numbers, key=lambda n: (breadth[n], n)))))


def _central(story: _Story, number: int) -> Sequence[int]:
    """The reports of an event that are read: those with the most central headlines."""
    reports, counts = story.happenings[number].reports, story.happenings[number].counts
    numbers = range(len(reports))
    if len(reports) <= _READ:
        return numbers
    worth = [weigh_headline(report, counts, len(reports), story.language) for report in reports]
    return sorted(numbers, key=lambda n: (-worth[n], n))[:_READ]


def _read(story: _Story, number: int, reports: Iterable[int], place: int) -> list[_Candidate]:
    """The sentences at `place` (first or second) of an event's reports, as far as they have news."""
    happening, counts = story.happenings[number].reports, story.happenings[number].counts
    found: list[_Candidate] = []
    for order in reports:
        report = happening[order]
        text = "".join(open_sentences(report.item.lead, report.item.excerpt)[place : place + 1])
        words = words_of(simplify(text, report.lang), report.lang)
        if len(words - story.title.words) >= _NEWS:
            worth = weigh_words(words, story.counts, story.size) + weigh_words(words, counts, len(happening))
            worth *= rate_sentence(text) * (_SECOND if place else 1)
            worth *= 1 if report.lang == story.language else _OTHER_LANGUAGE
            found.append(
                _Candidate(Sentence(text, report.item.id, report.lang), words, worth, (number, order, place))
            )
    return found


def _best(candidates: Iterable[_Candidate], taken: Sequence[_Candidate]) -> list[_Candidate]:
    """The one of most worth that repeats none of those taken, if any.

    It must be worth three tenths of the first taken, or half of that to be the second.
    """
    floor = _FLOOR * taken[0].worth * min(1, len(taken) / 2) if taken else 0.0
    gains = ((_gain(c, taken), c) for c in candidates)
    fit = [(-gain, c.place, c) for gain, c in gains if gain > floor]
    return [min(fit, key=lambda f: f[:2])[2]] if fit else []


def _gain(candidate: _Candidate, taken: Sequence[_Candidate]) -> float:
    shared = max((_overlap(candidate.words, other.words) for other in taken), default=0.0)
    return candidate.worth * (1 - shared) if shared < _OVERLAP else 0.0


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / (min(len(a), len(b)) or 1)

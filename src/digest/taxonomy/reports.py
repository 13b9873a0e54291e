"""The reports of a story: their words, what a headline is worth, and which one names the story.

A headline or sentence is worth the share of the reports that have its words, over the root of its length:
nearness to the centroid (Radev et al. 2004) without rarity, for within one story the common words are the
telling ones. Words are pairs of neighbouring letters of one script, counted once a report; English has
its own words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import chain, repeat
from math import log2, sqrt
from operator import add

from msgspec import Struct

from digest.model import Lang
from digest.taxonomy.headlines import clean_headline, rate_headline
from digest.taxonomy.material import Item
from digest.taxonomy.sentences import strip_dateline

_OPENING = 50
_OTHER_LANGUAGE = 0.6
_CHALLENGE = 0.1
_BASE = 0.1
_LANGUAGES: tuple[Lang, ...] = ("zh-Hans", "zh-Hant", "en")
_YOUNG = 4
_OUTNUMBERS = 1.25
_LATIN = re.compile(r"[a-z0-9][a-z0-9'’-]+")


class Report(Struct, frozen=True, gc=False):
    """A member of a story with its cleaned headline, how well that states what happened (up to 1), the
    headline's words, and those of headline and opening together."""

    item: Item
    headline: str
    lang: Lang
    rate: float
    words: frozenset[str]
    all_words: frozenset[str]


class Happening(Struct, frozen=True, gc=False):
    """An event: its reports by moment, and in how many of them each word stands (empty for a single one)."""

    reports: Sequence[Report]
    counts: Mapping[str, int]


def read_report(item: Item, *, opening: bool) -> Report:
    """The report an item is; its opening is read too, or only the headline."""
    lang = item.lang
    headline = clean_headline(item.title)
    plain = simplify(headline, lang)
    rate = rate_headline(plain if headline == item.title else simplify(item.title, lang), plain)
    words = words_of(plain, lang)
    if not opening:
        return Report(item, headline, lang, rate, words, words)
    begins = strip_dateline(item.lead or item.excerpt)[:_OPENING]
    return Report(item, headline, lang, rate, words, words | words_of(simplify(begins, lang), lang))


def simplify(text: str, lang: Lang) -> str:
    """The text in Simplified letters, so that reports in both scripts compare."""
    return _simplifier()(text) if lang == "zh-Hant" else text


@cache
def _simplifier() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415 - takes 30 ms that a site in one script need not wait for

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def words_of(plain: str, lang: Lang) -> frozenset[str]:
    """What texts of one story can share, given in Simplified letters: pairs of neighbouring Han letters,
    and Latin words."""
    text = plain.lower()
    latin = _LATIN.findall(text)
    if lang == "en":
        return frozenset(latin)
    if not latin:
        return frozenset(map(add, text, text[1:]))
    text = _LATIN.sub(" ", text)
    return frozenset((*map(add, text, text[1:]), *latin))


def count_words(reports: Collection[Report]) -> Mapping[str, int]:
    """In how many of the reports each word stands; of a single one nothing is counted."""
    counts: Counter[str] = Counter()
    if len(reports) > 1:
        counts.update(chain.from_iterable(report.all_words for report in reports))
    return counts


def weigh_words(words: Collection[str], counts: Mapping[str, int], reports: int) -> float:
    """How central `words` of one of so many reports, whose words are counted, are among the others."""
    others = sum(map(counts.get, words, repeat(1))) - len(words)
    return (others / reports + _BASE) / sqrt(len(words) or 1)


def settle_language(langs: Sequence[Lang]) -> Lang:
    """The language of most reports, given in their order; where as many are in another, Simplified.

    What most of the first four are in holds until another language has a quarter more reports.
    """
    opening = Counter(langs[:_YOUNG])
    settled = max(_LANGUAGES, key=lambda lang: opening[lang])
    for lang in langs[_YOUNG:]:
        opening[lang] += 1
        if opening[lang] > _OUTNUMBERS * opening[settled]:
            settled = lang
    return settled


def weigh_headline(report: Report, counts: Mapping[str, int], reports: int, language: Lang) -> float:
    """What a headline is worth as the name of all those reports."""
    worth = report.rate * weigh_words(report.words, counts, reports)
    return worth if report.lang == language else worth * _OTHER_LANGUAGE


def choose_title(reports: Sequence[Report], language: Lang) -> tuple[Report, Counter[str]]:
    """The report whose headline names the story, and in how many reports each word stands.

    A story's name should stay while it grows, though nothing is remembered from build to build. So the
    story is lived through again: after the 2nd, 3rd, 4th, 6th, 9th, 13th … report (each time half as
    many more) the best headline so far is sought, and replaces the one that holds only if it is worth
    clearly more: a tenth for two reports, another with each doubling.
    """
    counts: Counter[str] = Counter()
    chosen = 0
    step = 2
    for number, report in enumerate(reports, 1):
        counts.update(report.all_words)
        if number < step:
            continue
        step += max(1, step // 2)
        worth = [weigh_headline(r, counts, number, language) for r in reports[:number]]
        best = max(range(number), key=worth.__getitem__)
        if worth[best] > (1 + _CHALLENGE * log2(number)) * worth[chosen]:
            chosen = best
    return reports[chosen], counts

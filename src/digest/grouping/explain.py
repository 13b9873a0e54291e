"""Why an article is in its story: what the fold saw, told again for one article."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from digest.grouping.fold import Settings
from digest.grouping.similarity import UNIT
from digest.grouping.terms import SCALE, weigh_terms
from digest.grouping.why import Near, Other, Term, Why

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.grouping.article import Article
    from digest.grouping.fold import Day

_NEAREST = 8
_TERMS = 15
_OTHERS = 3
_NOTES = {
    "roundup": "a round-up of many stories: it stands alone",
    "market": "a market report: it stands with the reports of its market and day, whatever its words",
    "counts": "a bulletin: it is compared with its own day only",
    "weather": "a bulletin: it is compared with its own day only",
    "quake": "a bulletin: it is compared with its own day only",
}


def explain(
    page: str,
    days: Sequence[tuple[Day, Sequence[Article]]],
    stories: Mapping[str, str],
    texts: Mapping[str, tuple[str, str]],
) -> Why:
    """Why `page` is where it is.

    `days` are the days within reach after it and its own, each with the articles of its rows'
    columns; `stories` maps a page to its story's id; `texts` gives folded headline and opening by page.
    """
    form, similarities = _read_similarities(page, days)
    story = stories.get(page)
    by_story: dict[str, list[int]] = defaultdict(list)
    for other, similarity in similarities.items():
        if other in stories:
            by_story[stories[other]].append(similarity)
    averages = {name: sum(values) / len(values) / UNIT for name, values in by_story.items()}
    ranked = sorted(averages, key=lambda name: (-averages[name], name))
    members = [other for other in similarities if story is not None and stories.get(other) == story]
    nearest = sorted(members or similarities, key=lambda other: (-similarities[other], other))[:_NEAREST]
    return Why(
        story=story,
        score=averages.get(story or "", 0.0),
        threshold=Settings().story,
        terms=_share_terms(page, nearest, texts),
        nearest=tuple(Near(other, similarities[other] / UNIT) for other in nearest),
        others=tuple(Other(name, averages[name]) for name in ranked if name != story)[:_OTHERS],
        note=_note(form, story, similarities, averages),
    )


def _read_similarities(
    page: str, days: Sequence[tuple[Day, Sequence[Article]]]
) -> tuple[str, dict[str, int]]:
    form, found = "report", dict[str, int]()
    for day, articles in days:
        earlier = len(articles) - len(day.articles)
        for index, article in enumerate(articles):
            if article.id != page:
                continue
            form = article.form.kind
            if index >= earlier:
                row = day.rows[index - earlier]
                found.update((a.id, int(row[i])) for i, a in enumerate(articles[:index]) if a.terms)
            later = range(max(index + 1, earlier), len(articles))
            found.update(
                (articles[i].id, int(day.rows[i - earlier, index])) for i in later if articles[i].terms
            )
    return form, found


def _share_terms(page: str, others: Sequence[str], texts: Mapping[str, tuple[str, str]]) -> tuple[Term, ...]:
    """The terms that the page shares with most of the others, by their part in the mean cosine."""
    if page not in texts:
        return ()
    own = weigh_terms(*texts[page])
    shares: dict[str, float] = defaultdict(float)
    known = [weigh_terms(*texts[other]) for other in others if other in texts]
    for theirs in known:
        for term in own.keys() & theirs.keys():
            shares[term] += own[term] * theirs[term] / (SCALE * SCALE * len(known))
    ranked = sorted(shares, key=lambda term: (-shares[term], term))[:_TERMS]
    return tuple(Term(term, shares[term]) for term in ranked)


def _note(
    form: str, story: str | None, similarities: Mapping[str, int], averages: Mapping[str, float]
) -> str:
    if form in _NOTES:
        return _NOTES[form]
    if story is not None and story not in averages:
        return "nothing of its story is within reach: it took up one that had slept"
    if not any(value > 0 for value in similarities.values()):
        return "nothing within reach is like it"
    if story is None:
        return "too far from every story" if averages else "like nothing that is in a story"
    if averages[story] < Settings().story:
        return "it belongs by what stood there when it came, or by a later joining of clusters"
    return ""

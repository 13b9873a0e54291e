"""Why an article is in its story: the answer of `digest threads why`."""

from __future__ import annotations

from msgspec import Struct


class Term(Struct, frozen=True, gc=False):
    """A term that an article shares with its story, and the share of the score it carries."""

    text: str
    weight: float


class Near(Struct, frozen=True, gc=False):
    """Another page (its id) and how like it is."""

    page: str
    score: float


class Other(Struct, frozen=True, gc=False):
    """Another story (its id) that the article might have joined, and how like that is."""

    story: str
    score: float


class Why(Struct, frozen=True, gc=False):
    """What the machine weighed for one article. `story` is the id of its story, or None where it stands
    alone; it joined because `score` reached `threshold`. `terms` are ordered by weight, `nearest`
    members and `others`, the runners-up, by score, highest first. `note` is what the numbers do not tell."""

    story: str | None
    score: float
    threshold: float
    terms: tuple[Term, ...] = ()
    nearest: tuple[Near, ...] = ()
    others: tuple[Other, ...] = ()
    note: str = ""

"""What an article is about, as far as grouping needs it: its form and its weighted terms.

The work is done once for each file, in the process that reads it, many files at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from digest.grouping.copies import READ, sign
from digest.grouping.forms import Form, strip_column, strip_dateline, tell_form
from digest.grouping.weights import END, Terms, read_terms
from digest.text.folding import JOINT, fold_all

if TYPE_CHECKING:
    from digest.model import Version

OPENING = 400
"""Letters of the running text that count. Figures in docs/pages/threads.md: fewer lose reports that begin
sideways, more bring in what a story's reports have in common with others."""

TITLE = 3
"""How many times a term of the headline counts."""

COMMON = 2.0
"""Nats. What says no more stands in one article of seven, and does not count."""

SCALE = 512
"""The length of a vector of terms, in whole numbers, so that sums are exact on every machine."""

_BATCH = 256
"""Articles sketched at once: more gain nothing and take memory."""


class Sketch(Struct, frozen=True, gc=False, array_like=True):
    """What grouping keeps of an article: form, term numbers (ascending, 4 bytes each) with their
    weights (2 bytes each; the vector's length is `SCALE`), and the signature of its text."""

    form: Form
    terms: bytes
    weights: bytes
    signature: bytes = b""


def sketch_all(articles: Sequence[tuple[Version, str]], terms: Terms | None = None) -> list[Sketch]:
    """The sketches of articles, each given with its running text. None depends on the others."""
    if len(articles) > _BATCH:
        starts = range(0, len(articles), _BATCH)
        return [each for n in starts for each in sketch_all(articles[n : n + _BATCH], terms)]
    parts: list[str] = []
    for version, text in articles:
        # Folding whole texts costs as much as all the rest; only in Traditional ones would copies go unseen.
        parts += version.title, version.kicker or "", text[: READ if version.lang == "zh-Hant" else OPENING]
    folded = iter(fold_all(parts))
    forms, heads, texts = [], [], []
    for (version, text), title, kicker, opening in zip(articles, folded, folded, folded, strict=True):
        form = tell_form(title, kicker, version.source, opening[:200])
        forms.append(form)
        heads.append(("", "") if form.kind in {"roundup", "market"} else (title, opening))
        texts.append(opening + text[READ:] if version.lang == "zh-Hant" else text)
    vectors = weigh(heads, terms or read_terms())
    rows = zip(forms, vectors, sign(texts), strict=True)
    return [Sketch(form, *vector, signature) for form, vector, signature in rows]


def sketch(version: Version, text: str) -> Sketch:
    """The sketch of one article. `text` is its running text."""
    return sketch_all([(version, text)])[0]


def warm_up() -> None:
    """Reads the tables and dictionaries; each process forked afterwards has them."""
    weigh([("warm", fold_all(["貝魯特"])[0])], read_terms())
    sign(["warm"])


def weigh(texts: Sequence[tuple[str, str]], terms: Terms) -> list[tuple[bytes, bytes]]:
    """The vectors of folded headlines and openings, as in a `Sketch`: (1 + ln tf) · idf (Salton & Buckley
    1988) with the frequencies of the frozen table, scaled to the length `SCALE`. At most 32,768 texts."""
    words = _cut([part for title, opening in texts for part in _trim(title, opening)])
    codes = np.fromiter(map(terms.__getitem__, words), np.int64, len(words))
    part = np.cumsum(codes == END)  # even: a headline, odd: an opening
    counted = np.flatnonzero(terms.weights[codes & 0xFFFF] > COMMON)
    codes, part = codes[counted], part[counted]
    codes |= part >> 1 << 48  # the article in front, so that sorting brings its terms together, by number
    codes = np.repeat(codes, np.where(part & 1, 1, TITLE))
    codes.sort()
    first = np.flatnonzero(np.diff(codes >> 16, prepend=-1))
    counts = np.diff(first, append=len(codes))
    codes = codes[first]
    article = codes >> 48
    # A logarithm of numpy's need not be the same on every machine.
    damping = np.array([1 + math.log(count or 1) for count in range(counts.max(initial=0) + 1)])
    weights = damping[counts] * terms.weights[codes & 0xFFFF]
    lengths = np.sqrt(np.bincount(article, weights * weights, len(texts)))
    weights = np.rint(weights * (SCALE / np.maximum(lengths, 1.0))[article])
    told = weights > 0
    numbers = (codes[told] >> 16).astype(np.uint32).tobytes()
    values = weights[told].astype(np.int16).tobytes()
    ends = np.searchsorted(article[told], np.arange(len(texts) + 1)).tolist()
    return [(numbers[4 * a : 4 * b], values[2 * a : 2 * b]) for a, b in pairwise(ends)]


def weigh_terms(title: str, opening: str) -> dict[str, int]:
    """The terms of one folded headline and opening with their weights in its vector."""
    terms = read_terms()
    names = {terms[word] >> 16: word for part in _trim(title, opening) for word in _cutter()(part)}
    ((numbers, weights),) = weigh([(title, opening)], terms)
    pairs = zip(memoryview(numbers).cast("I"), memoryview(weights).cast("h"), strict=True)
    return {names[number]: weight for number, weight in pairs}


def cut_terms(text: str) -> list[str]:
    """The terms of a folded text in order: words of two Han letters or more, Latin words and names
    with a digit; those that tell no story from another are left out."""
    terms = read_terms()
    return [word for word in _cutter()(text) if terms[word]]


def _trim(title: str, opening: str) -> tuple[str, str]:
    return strip_column(title), strip_dateline(opening[:OPENING])


def _cut(parts: Sequence[str]) -> list[str]:
    """The words of all parts, with a `JOINT` between one part and the next."""
    joined = JOINT.join(parts)
    if joined.count(JOINT) >= max(len(parts), 1):
        joined = JOINT.join(part.replace(JOINT, " ") for part in parts)
    return _cutter()(joined)


@cache
def _cutter() -> Callable[[str], list[str]]:
    """Reads its dictionary, in 120 ms, for whoever cuts first."""
    import rjieba  # noqa: PLC0415

    cut: Callable[[str], list[str]] = rjieba.cut
    return cut

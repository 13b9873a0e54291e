"""What an article is about, as far as grouping needs it: its form and its weighted terms.

The work is done once for each file, in the process that reads it.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from typing import TYPE_CHECKING
from zlib import crc32

import rjieba
from msgspec import Struct

from digest.grouping.copies import READ
from digest.grouping.copies import signature as sign
from digest.grouping.forms import Form, strip_column, strip_dateline, tell_form
from digest.grouping.weights import read_weights
from digest.text.folding import fold

if TYPE_CHECKING:
    from digest.model import Version

OPENING = 400
"""Letters of the running text that count. Figures in docs/threads.md: fewer lose reports that begin
sideways, more bring in what a story's reports have in common with others."""

TITLE = 3
"""How many times a term of the headline counts."""

COMMON = 2.0
"""Nats. What says no more stands in one article of seven, and does not count."""

SCALE = 512
"""The length of a vector of terms, in whole numbers, so that sums are exact on every machine."""


class Sketch(Struct, frozen=True, gc=False, array_like=True):
    """What grouping keeps of an article: form, term numbers (ascending, 4 bytes each) with their
    weights (2 bytes each; the vector's length is `SCALE`), and the signature of its text."""

    form: Form
    terms: bytes
    weights: bytes
    signature: bytes = b""


def sketch(version: Version, text: str) -> Sketch:
    """The sketch of an article. `text` is its running text."""
    # Folding whole texts costs as much as all the rest; only in Traditional ones would copies go unseen.
    traditional = version.lang == "zh-Hant"
    read = READ if traditional else OPENING
    folded = fold(f"{version.title}\n{version.kicker or ''}\n{text[:read]}")
    title, kicker, opening = folded.split("\n", 2)
    form = tell_form(title, kicker, version.source, opening[:200])
    signature = sign(opening + text[read:] if traditional else text)
    if form.kind in {"roundup", "market"}:
        return Sketch(form, b"", b"", signature)
    weights = weigh_terms(title, opening)
    numbered = dict(zip(map(crc32, map(str.encode, weights)), weights.values(), strict=True))
    numbers = sorted(numbered)
    values = array("h", map(numbered.__getitem__, numbers))
    return Sketch(form, array("I", numbers).tobytes(), values.tobytes(), signature)


def warm_up() -> None:
    """Reads the tables and dictionaries; each process forked afterwards has them."""
    cut_terms(fold("貝魯特"))
    sign("warm")


def weigh_terms(title: str, opening: str) -> dict[str, int]:
    """Terms of a folded headline and opening with their weights: (1 + ln tf) · idf (Salton & Buckley
    1988) with the frequencies of the frozen table, scaled to a vector of length `SCALE`."""
    idf = read_weights()
    counts = Counter(rjieba.cut(strip_dateline(opening[:OPENING])))
    for word in rjieba.cut(strip_column(title)):
        counts[word] = counts.get(word, 0) + TITLE
    weights = {
        word: weight if count == 1 else (1 + math.log(count)) * weight
        for word, count in counts.items()
        if len(word) > 1 and (weight := idf[word]) > COMMON
    }
    scale = SCALE / (math.hypot(*weights.values()) or 1.0)
    return {term: scaled for term, weight in weights.items() if (scaled := round(weight * scale))}


def cut_terms(text: str) -> list[str]:
    """The terms of a folded text in order: words of two Han letters or more, Latin words and names
    with a digit; those that tell no story from another are left out."""
    idf = read_weights()
    return [word for word in rjieba.cut(text) if idf[word]]

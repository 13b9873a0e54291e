"""What an article is about, as far as grouping needs it: its form and its weighted terms.

The work is done once for each file, in the process that reads it.
"""

from __future__ import annotations

import math
import re
from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING

import rjieba
from msgspec import Struct

from digest.grouping.copies import READ
from digest.grouping.copies import signature as sign
from digest.grouping.forms import STOP_TERMS, Form, strip_column, strip_dateline, tell_form
from digest.grouping.weights import weigh
from digest.text.folding import fold

if TYPE_CHECKING:
    from digest.model import Version

OPENING = 100
"""Terms of the running text that count. Figures in docs/threads.md: fewer lose reports that begin
sideways, more bring in what a story's reports have in common with others."""

TITLE = 3
"""How many times a term of the headline counts."""

SCALE = 512
"""The length of a vector of terms, in whole numbers, so that sums are exact on every machine."""

_LETTERS = 420
_TERM = re.compile(r"(?:[\u3400-\u9fff]{2,}[a-z0-9]*|[a-z0-9][a-z0-9.-]*[a-z][a-z0-9.-]*|[a-z][a-z0-9.-]+)\Z")
_DAMPED = tuple(1 + math.log(count or 1) for count in range(OPENING + 100))


class Sketch(Struct, frozen=True, gc=False, array_like=True):
    """What grouping keeps of an article: form, term numbers (ascending, 4 bytes each) with their
    weights (2 bytes each; the vector's length is `SCALE`), and the signature of its text."""

    form: Form
    terms: bytes
    weights: bytes
    signature: bytes = b""


def sketch(version: Version, text: str) -> Sketch:
    """The sketch of an article. `text` is its running text."""
    folded = fold(text[:READ])
    opening, title = folded[:_LETTERS], fold(version.title)
    form = tell_form(title, fold(version.kicker) if version.kicker else "", version.source, opening[:200])
    signature = sign(folded)
    if form.kind in {"roundup", "market"}:
        return Sketch(form, b"", b"", signature)
    weights = {_NUMBERS[term]: weight for term, weight in weigh_terms(title, opening).items()}
    numbers = sorted(weights)
    return Sketch(
        form, array("I", numbers).tobytes(), array("h", [weights[n] for n in numbers]).tobytes(), signature
    )


def warm_up() -> None:
    """Reads the tables and dictionaries; each process forked afterwards has them."""
    cut_terms(fold("貝魯特"))
    sign("warm")


def weigh_terms(title: str, opening: str) -> dict[str, int]:
    """Terms of a folded headline and opening with their weights: (1 + ln tf) · idf (Salton & Buckley
    1988) with the frequencies of the frozen table, scaled to a vector of length `SCALE`."""
    counts: dict[str, int] = {}
    for term in cut_terms(strip_column(title)):
        counts[term] = counts.get(term, 0) + TITLE
    for term in cut_terms(strip_dateline(opening))[:OPENING]:
        counts[term] = counts.get(term, 0) + 1
    weights = {term: _DAMPED[min(count, OPENING)] * _WEIGHTS[term] for term, count in counts.items()}
    scale = SCALE / (math.hypot(*weights.values()) or 1.0)
    return {term: scaled for term, weight in weights.items() if (scaled := round(weight * scale))}


def cut_terms(text: str) -> list[str]:
    """The terms of a folded text in order: words of two Han letters or more, Latin words and names
    with a digit; those that tell no story from another are left out."""
    return [term for term in rjieba.cut(text) if _WEIGHTS[term]]


class _Weights(dict[str, float]):
    """The weights of all words met so far; none for what is no term."""

    def __missing__(self, word: str) -> float:
        is_term = len(word) > 1 and word not in STOP_TERMS and _TERM.match(word)
        weight = self[word] = weigh(word) if is_term else 0.0
        return weight


class _Numbers(dict[str, int]):
    """Terms' numbers of 32 bits, the same on every machine."""

    def __missing__(self, term: str) -> int:
        digest = blake2b(term.encode(), digest_size=4).digest()
        number = self[term] = int.from_bytes(digest, "little")
        return number


_WEIGHTS, _NUMBERS = _Weights(), _Numbers()

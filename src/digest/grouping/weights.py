"""How much a term says: the frozen table of document frequencies.

`weights.tsv` names the terms of everyday news, each line those that stand in so many of 100,000 articles. It
was made once (tools/term_weights.py) and does not change with an archive: so a few articles
group as well as fifty thousand, and a new article moves no old one. What the table does not
name is rare and says most.
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path

from digest.grouping.forms import STOP_TERMS

ARTICLES = 100_000
_RARE = 5
"""What is added to every frequency, and that of a term the table does not name."""

_MOST = math.log(ARTICLES / _RARE)
_TERM = re.compile(r"(?:[\u3400-\u9fff]{2,}[a-z0-9]*|[a-z0-9][a-z0-9.-]*[a-z][a-z0-9.-]*|[a-z][a-z0-9.-]+)\Z")


class Weights(dict[str, float]):
    """The weights of words: the frozen table's, nought for stop terms. Of others, each time anew, that
    of a rare term, or nought for what is no term."""

    def __missing__(self, word: str) -> float:
        return _MOST if _TERM.match(word) else 0.0


@cache
def read_weights() -> Weights:
    """The inverse document frequency (Spärck Jones 1972) of every folded word, in nats."""
    return Weights(_table() | dict.fromkeys(STOP_TERMS, 0.0))


def weigh(term: str) -> float:
    """The inverse document frequency of a folded term, in nats."""
    return _table().get(term, _MOST)


@cache
def _table() -> dict[str, float]:
    table: dict[str, float] = {}
    for line in Path(__file__).with_name("weights.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            count, terms = line.split("\t")
            table |= dict.fromkeys(terms.split(" "), math.log(ARTICLES / (int(count) + _RARE)))
    return table

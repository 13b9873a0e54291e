"""How much a term says: the frozen table of document frequencies.

`weights.tsv` names the terms of everyday news and in how many of 100,000 articles each stands. It
was made once (tools/term_weights.py) and does not change with an archive: so five articles
group as well as fifty thousand, and a new article moves no old one. What the table does not
name is rare and says most.
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

ARTICLES = 100_000
_RARE = 5
"""What is added to every frequency, and that of a term the table does not name."""


@cache
def _table() -> dict[str, float]:
    lines = Path(__file__).with_name("weights.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {term: math.log(ARTICLES / (int(count) + _RARE)) for term, count in pairs}


_MOST = math.log(ARTICLES / _RARE)


def weigh(term: str) -> float:
    """The inverse document frequency (Spärck Jones 1972) of a folded term, in nats."""
    return _table().get(term, _MOST)

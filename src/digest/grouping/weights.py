"""How much a term says: the frozen table of document frequencies.

`weights.tsv` names the terms of everyday news, each line those that stand in so many of 100,000 articles. It
was made once (tools/term_weights.py) and does not change with an archive: so a few articles
group as well as fifty thousand, and a new article moves no old one. What the table does not
name is rare and says most.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from digest.grouping.forms import stop_terms
from digest.text.folding import JOINT

ARTICLES = 100_000
_RARE = 5
"""What is added to every frequency, and that of a term the table does not name."""

_REMEMBERED = 1 << 16
"""Words besides the table's whose codes are kept, in some 10 MB; an archive has many more that stand in it
once."""

_RAREST = 1
"""The place of the weight of terms that the table does not name."""

END = 1 << 16
"""The code of `JOINT`, which parts texts; it weighs nothing."""

_TERM = re.compile(r"[\u3400-\u9fff]{2,}[a-z0-9]*|[a-z0-9][a-z0-9.-]*[a-z][a-z0-9.-]*|[a-z][a-z0-9.-]+")


class Terms(dict[str, int]):
    """Folded words to codes: a term's number (CRC-32) in the upper 32 bits, in the lower 16 the place of its
    weight in `weights`. The code of what is no term, or a stop term, is 0.

    Made of the counts (of `ARTICLES` articles), each with the terms that stand in so many; `weights` are
    inverse document frequencies (Spärck Jones 1972) in nats, 0 in place 0.
    """

    def __init__(self, table: Iterable[tuple[int, Iterable[str]]]) -> None:
        super().__init__()
        places = {0: _RAREST}
        for count, terms in table:
            place = places.setdefault(count, len(places) + 1)
            for term in terms:
                self[term] = crc32(term.encode()) << 16 | place
        self |= dict.fromkeys(stop_terms(), 0)
        self[JOINT] = END
        self._named = len(self)
        self.weights = np.array([0.0, *(math.log(ARTICLES / (count + _RARE)) for count in places)])

    def __missing__(self, word: str) -> int:
        if len(self) >= self._named + _REMEMBERED:
            for _ in range(_REMEMBERED):
                self.popitem()  # the youngest first
        code = self[word] = crc32(word.encode()) << 16 | _RAREST if _TERM.fullmatch(word) else 0
        return code

    def weigh(self, word: str) -> float:
        """The weight of a folded word, in nats."""
        return float(self.weights[self[word] & 0xFFFF])


@cache
def read_terms() -> Terms:
    """The terms with the weights of the frozen table, read once a process."""
    lines = Path(__file__).with_name("weights.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return Terms((int(count), terms.split(" ")) for count, terms in pairs)

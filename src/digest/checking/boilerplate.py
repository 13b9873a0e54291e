"""Words that begin or end many articles of one outlet, and that no rule of its profile has taken out.

The edges of the first and last two blocks are counted at several lengths; what recurs is widened as long as
most articles agree. Whole texts that recur are counted once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from digest.checking.texts import EDGE, Marks

FEWEST, SHARE = 12, 0.02
"""Articles of the outlet that must agree: so many, and this share of all."""

_LENGTHS = (8, 12, 16, 24, 40, EDGE)
_SHORTEST_HEAD = 12  # many reports begin with the same minister
_LETTERS = {"head": 8, "tail": 6}
_AGREE = 0.8
_END = "\n"  # closes a block that is known whole: it agrees with no longer one
_NO_LETTER = re.compile(r"[\W\d_]+")


class Pattern(NamedTuple):
    """What recurs (digits as 0), at which edge, in how many articles, and one of them."""

    edge: str
    text: str
    articles: int
    path: str


def find_patterns(articles: Sequence[tuple[str, Marks]]) -> list[Pattern]:
    """The recurring edges of one outlet's articles (path and marks of each), most frequent first. No text
    should be among them twice."""
    least = max(FEWEST, SHARE * len(articles))
    found = [p for edge in ("head", "tail") for p in _recurring(edge, articles, least)]
    return sorted(found, key=lambda p: (-p.articles, p.edge, p.text))


def _recurring(edge: str, rows: Sequence[tuple[str, Marks]], least: float) -> Iterable[Pattern]:
    # Tails are turned round, so that both edges are beginnings.
    blocks = [(path, [_turn(b, edge) for b in (m.heads if edge == "head" else m.tails)]) for path, m in rows]
    lengths = [n for n in _LENGTHS if edge == "tail" or n >= _SHORTEST_HEAD]
    counts: Counter[str] = Counter()
    for _, its in blocks:
        edges = {block[:length] for block in its for length in lengths if len(block) >= length}
        counts.update(edges | {block for block in its if len(block) < _LENGTHS[0]})
    frequent = {text: n for text, n in counts.items() if n >= least and _letters(text) >= _LETTERS[edge]}
    told: list[str] = []
    for text, count in sorted(frequent.items(), key=lambda item: (-item[1], len(item[0]), item[0])):
        if any(text.startswith(other) or other.startswith(text) for other in told):
            continue
        hits = [(path, block) for path, its in blocks for block in its if block.startswith(text)]
        widest = _widen(text, [block for _, block in hits])
        told.append(text)
        yield Pattern(edge, _turn_back(widest, edge), count, hits[0][0])


def _turn(text: str, edge: str) -> str:
    whole = text if edge == "head" else text[::-1]
    return whole if len(whole) >= EDGE else whole + _END


def _turn_back(text: str, edge: str) -> str:
    whole = text.rstrip(_END)
    return whole if edge == "head" else whole[::-1]


def _letters(text: str) -> int:
    return len(_NO_LETTER.sub("", text))


def _widen(text: str, blocks: Sequence[str]) -> str:
    while True:
        following = Counter(block[len(text)] for block in blocks if len(block) > len(text))
        if not following:
            return text
        letter, count = min(following.items(), key=lambda item: (-item[1], item[0]))
        if count < _AGREE * len(blocks):
            return text
        text += letter
        blocks = [block for block in blocks if block.startswith(text)]

"""One form for Chinese text, so that one thing is the same letters whatever the outlet.

Width and compatibility (Unicode NFKC), case, script (Traditional to Simplified), and what a region
calls things: 川普 is 特朗普, 北韓 is 朝鲜, 軟體 is 软件. The form serves comparing, never reading.

The data lie in `data/` as plain text, one `variant TAB canonical` a line: general knowledge, frozen
here, so that a newer dictionary elsewhere moves no story. OpenCC (https://github.com/BYVoid/OpenCC)
applies them in one pass of two steps, the longest match at each place: letters, then names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

JOINT = "\x1e"
"""ASCII's record separator. It stands in no word, so texts joined by it stay apart."""

DATA = Path(__file__).parent / "data"
NAMES = ("guards", "places", "people", "organisations", "words")

# All but what NFKC and lower case leave alone in Chinese text, and the marks that letters.txt maps itself:
# NFKC over a whole text costs more than all the rest.
_UNUSUAL = (
    "[^\x00-\x7f"
    "°·×ß-öø-ÿ‘’“”‧•–—―…‰←-↓∶⋯─■-□▲△●★☆"
    "\u3001-\u301f\u3041-\u3096\u30a1-\u30fe㐀-䶿一-鿿"  # marks, both kana, Han
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5e]"  # full-width marks
)


def fold(text: str) -> str:
    """The one form of a text. Never fails.

    Words keep their order, and a name may grow or shrink by some letters. Folding once more changes
    nothing, save where two names touch by chance (in 3 of 67,000 real titles and texts).
    """
    return _converter()(_normalize(text))


def fold_all(texts: Sequence[str]) -> list[str]:
    """The form of each text, as `fold` gives it; of many short ones at once, which is cheaper."""
    folded = fold(JOINT.join(texts)).split(JOINT)
    return folded if len(folded) == len(texts) else [fold(text) for text in texts]


def entries(name: str) -> list[tuple[str, str]]:
    """The pairs of a data file, variant and canonical form, in the file's order."""
    lines = (DATA / f"{name}.txt").read_text("utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return [(variant, canonical) for variant, _, canonical in pairs]


def _normalize(text: str) -> str:
    """NFKC, and lower case but for A to Z: the names still tell WHO from who."""
    text = text.replace("\u3000", " ")  # by far the commonest
    pieces, done = [], 0
    for run in _unusual().finditer(text):
        start = max(run.start() - 1, done)  # a combining mark needs the letter it stands on
        letters = unicodedata.normalize("NFKC", text[start : run.end()].encode("utf-8", "replace").decode())
        lower = "".join(letter if letter.isascii() else letter.lower() for letter in letters)
        pieces += [text[done:start], unicodedata.normalize("NFKC", lower)]
        done = run.end()
    return "".join([*pieces, text[done:]]) if pieces else text


@cache
def _unusual() -> re.Pattern[str]:
    return re.compile(f"{_UNUSUAL}+")


@cache
def _converter() -> Callable[[str], str]:
    """Built once a process, in about 20 ms, by whoever folds first."""
    from opencc import OpenCC  # noqa: PLC0415  only the processes that fold pay for it

    convert: Callable[[str], str] = OpenCC(str(DATA / "folding.json")).convert
    return convert

"""CSS of a profile, compiled: which alternatives can hit at all is told by a look at the source.

lexbor compiles a selector on every call (3 µs); a substring search is ten times cheaper.
So each alternative keeps a *needle*, a class, id or attribute value that the source must
hold; most alternatives of most profiles are never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

_CHOICE = re.compile(r":(?:not|is|where|nth[\w-]*)\([^()]*(?:\([^()]*\)[^()]*)*\)")
_CONTAINS = re.compile(r':lexbor-contains\("([^"]+)"\)')
_NEEDLE = re.compile(
    r"[.#](-?[A-Za-z_][\w-]{2,})|\[[\w-]+\s*[*^$~|]?=\s*[\"']?([A-Za-z0-9_/.:-]{2,})[^\]]*\]"
)
_BLANK_TREE = LexborHTMLParser("<p></p>")


class Selector:
    """One or more CSS selectors; `select(tree, source)` gives the nodes, alternative by alternative."""

    __slots__ = ("parts",)

    def __init__(self, css: Iterable[str]) -> None:
        self.parts = tuple((part, _needle_of(part)) for text in css for part in split_selector(text))

    def select(self, tree: LexborHTMLParser, source: str) -> list[LexborNode]:
        """The matching nodes, each once, in document order within one run."""
        wanted = [part for part, needle in self.parts if needle in source]
        if not wanted:
            return []
        found = tree.css(",".join(wanted))
        if len(wanted) > 1 and len(found) > 1:
            return list({node.mem_id: node for node in found}.values())
        return found

    def __bool__(self) -> bool:
        return bool(self.parts)


def split_selector(css: str) -> list[str]:
    """The alternatives of a selector list, split at commas outside brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for i, char in enumerate(css):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(css[start:i].strip())
            start = i + 1
    parts.append(css[start:].strip())
    return [part for part in parts if part]


def check_selector(css: str) -> str:
    """Why lexbor refuses this selector; empty if it does not."""
    try:
        _BLANK_TREE.css(css)
    except Exception as error:  # selectolax raises several types, its own among them
        return str(error) or type(error).__name__
    return ""


def _needle_of(part: str) -> str:
    plain = _CHOICE.sub("", part)
    if said := [str(words) for words in _CONTAINS.findall(plain)]:
        return max(said, key=len)
    words = [m[1] or m[2] for m in _NEEDLE.finditer(plain) if not re.search(r"\s[iI]\]$", m[0])]
    return max(words, key=len, default="")

"""What an article's body is made of: a flat list of blocks in document order.

A block is a run of inline content, a picture, an embed or a rule. Containers (lists, quotes,
tables) are not objects: each block names the containers it stands in, from the outside in,
and two neighbours with the same container share it. So a container without content cannot exist.

Every run of source text ends in exactly one block; what becomes of it is the block's `kind`
and the cuts among its parts. That makes the text checkable: nothing is ever dropped, only labelled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import chain, islice
from typing import NamedTuple

from digest.model import Piece, PieceKind
from digest.text.html import escape


class Box(NamedTuple):
    """A container a block stands in: its tag, its number in the document, its attributes as HTML."""

    tag: str
    number: int
    attrs: str = ""


class Cut(NamedTuple):
    """Text taken out of a run, and the rule that did."""

    text: str
    rule: str


class Open(NamedTuple):
    """An inline element begins. `html` is its start tag."""

    tag: str
    html: str


class Close(NamedTuple):
    """An inline element ends."""

    tag: str


class Break(NamedTuple):
    """A line break inside a run."""

    html: str = "<br>"


BREAK = Break()
_PIECE_KINDS: dict[str, PieceKind] = {"caption": "caption", "credit": "credit"}
Part = str | Cut | Open | Close | Break
"""A string is text, escaped as it stands in HTML."""


class Block:
    """One block. `kind`: text, caption, credit, stripped, picture, embed, rule, blank.

    Text kinds have `parts` and a `tag` (p, h1…h6, pre); stripped ones a `rule`; pictures and
    embeds a `url` (a picture's `alt` beside it). `figure` numbers the figure element around it.
    """

    __slots__ = (
        "_text",
        "alt",
        "attrs",
        "boxes",
        "figure",
        "hero",
        "kind",
        "parts",
        "rule",
        "source",
        "tag",
        "url",
    )

    def __init__(self, kind: str, tag: str = "p", boxes: tuple[Box, ...] = (), figure: int = 0) -> None:
        self.kind = kind
        self.tag = tag
        self.boxes = boxes
        self.figure = figure
        self.parts: list[Part] = []
        self._text: str | None = None
        self.rule = ""
        self.url = ""
        self.alt = ""
        self.hero = False
        self.attrs: dict[str, str] | None = None
        self.source = ""

    @property
    def text(self) -> str:
        r"""The running text, cuts left out; a line break is `\n`."""
        if self._text is None:
            parts = self.parts
            text = parts[0] if parts else ""
            if len(parts) > 1 or type(text) is not str:
                text = "".join(
                    [p if type(p) is str else "\n" for p in parts if type(p) is str or type(p) is Break]
                )
            self._text = unescape(text) if "&" in text else text
        return self._text

    def pieces(self) -> Iterator[Piece]:
        """Each run of the block's source text, in order."""
        if self.kind == "stripped":
            if self.parts:
                yield Piece("stripped", "".join(_source_text(p) for p in self.parts), self.rule)
            return
        kind = _PIECE_KINDS.get(self.kind, "text")
        kept: list[str] = []
        for part in self.parts:
            if type(part) is Cut:
                if kept:
                    yield Piece(kind, "".join(kept), self.rule)
                    kept = []
                yield Piece("stripped", part.text, part.rule)
            else:
                kept.append(_source_text(part))
        if kept:
            yield Piece(kind, "".join(kept), self.rule)

    def strip_all(self, rule: str) -> None:
        """Take the whole block out of the text."""
        self.kind = "stripped"
        self.rule = rule

    def cut(self, start: int, end: int, rule: str) -> None:
        """Take the characters `start` to `end` of `text` out of the run; then trim its ends.

        The text before the first cut stays in `source`.
        """
        self.source = self.source or self.text
        parts: list[Part] = []
        offset = 0
        for part in self.parts:
            if type(part) is Break:
                inside = start <= offset < end
                offset += 1
                if not inside:
                    parts.append(part)
                continue
            if type(part) is not str:
                parts.append(part)
                continue
            text = unescape(part) if "&" in part else part
            low, high = max(start - offset, 0), min(end - offset, len(text))
            offset += len(text)
            if low >= high:
                parts.append(part)
                continue
            parts.extend(
                piece
                for piece in (escape(text[:low]), Cut(text[low:high], rule), escape(text[high:]))
                if piece
            )
        self.parts = parts
        self._text = None
        trim(parts)
        if not any(type(p) is str for p in parts):
            self._become_stripped(rule)

    def _become_stripped(self, rule: str) -> None:
        rules = [p.rule for p in self.parts if type(p) is Cut]
        self.parts = [escape(p.text) for p in self.parts if type(p) is Cut]
        self._text = None
        self.kind = "stripped"
        self.rule = rules[0] if rules else rule


def _source_text(part: Part) -> str:
    if type(part) is str:
        return unescape(part) if "&" in part else part
    if type(part) is Cut:
        return part.text
    return "\n" if type(part) is Break else ""


_SOFT = "\x1f"
_EMPTY_LINES = re.compile(r"\A(?:[ \t]*\n)+")


def settle_soft(parts: list[Part]) -> None:
    """Resolve line ends of the source (U+001F), in place: nothing between two letters of Han or
    their punctuation, else a blank, as CSS Text says."""
    before = ""
    for i, part in enumerate(parts):
        if type(part) is not str:
            if type(part) is Break:
                before = ""
            continue
        if _SOFT not in part:
            before = part[-1]
            continue
        pieces = part.split(_SOFT)
        built = pieces[0]
        for j, piece in enumerate(pieces[1:], 1):
            left = built[-1:] or before
            right = piece[:1] or _next_letter(chain(pieces[j + 1 :], islice(parts, i + 1, None)))
            built += piece if _is_wide(left) and _is_wide(right) else " " + piece
        parts[i] = built
        before = built[-1:] or before
    parts[:] = [p for p in parts if p != ""]


def _next_letter(parts: Iterable[Part]) -> str:
    for part in parts:
        if type(part) is str and (text := part.lstrip(_SOFT)):
            return text[0]
    return ""


def _is_wide(char: str) -> bool:
    return (
        "\u2e80" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uffef"
        or char in "“”‘’…—"
    )


def trim(parts: list[Part]) -> None:
    """Drop blanks and breaks at both ends of a run, and inline elements left empty, in place."""
    _trim_start(parts)
    _trim_end(parts)
    drop_empty(parts)


def trim_lines(parts: list[Part]) -> None:
    """Drop empty lines at both ends of preformatted text, in place."""
    while parts and type(parts[0]) is str:
        parts[0] = _EMPTY_LINES.sub("", parts[0])
        if parts[0].strip():
            break
        del parts[0]
    _trim_end(parts)
    drop_empty(parts)


def _trim_start(parts: list[Part]) -> None:
    i = 0
    while i < len(parts):
        part = parts[i]
        if type(part) is str:
            text = part.lstrip()
            if text:
                parts[i] = text
                return
            del parts[i]
        elif type(part) is Break:
            del parts[i]
        else:
            i += 1


def _trim_end(parts: list[Part]) -> None:
    i = len(parts) - 1
    while i >= 0:
        part = parts[i]
        if type(part) is str:
            text = part.rstrip()
            if text:
                parts[i] = text
                return
            del parts[i]
        elif type(part) is Break:
            del parts[i]
        i -= 1


def drop_empty(parts: list[Part]) -> None:
    """Remove inline elements that hold nothing, innermost first, in place."""
    i = 0
    while i < len(parts) - 1:
        if type(parts[i]) is Open and type(parts[i + 1]) is Close:
            del parts[i : i + 2]
            i = max(i - 1, 0)
        else:
            i += 1

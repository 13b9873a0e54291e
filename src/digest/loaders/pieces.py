"""Every run of the source's text and what became of it, for `inspect` and the integrity check."""

from __future__ import annotations

from collections.abc import Sequence

from digest.loaders.blocks import Block
from digest.model import Piece
from digest.text.html import bare


def list_pieces(blocks: Sequence[Block], strings: Sequence[tuple[str, bool]] = ()) -> tuple[Piece, ...]:
    """All pieces of a body in order. `strings` are those a hook was given, with whether they are
    still there; what it removed is put back at its place, as stripped."""
    pieces = [piece for block in blocks for piece in block.pieces()]
    if all(alive for _, alive in strings):
        return tuple(pieces)
    out: list[Piece] = []
    rest = list(reversed(pieces))
    kept = 0
    for text, alive in strings:
        size = len(bare(text))
        if alive:
            kept += size
        elif size:
            _move(kept, rest, out)
            kept = 0
            out.append(Piece("stripped", text, "hook"))
    return (*out, *reversed(rest))


def _move(wanted: int, rest: list[Piece], out: list[Piece]) -> None:
    """Take `wanted` characters (blanks not counted) off the end of `rest`, cutting a piece if need be."""
    while wanted and rest:
        piece = rest.pop()
        size = len(bare(piece.text))
        if size > wanted:
            cut = _position(piece.text, wanted)
            rest.append(Piece(piece.kind, piece.text[cut:], piece.rule))
            piece = Piece(piece.kind, piece.text[:cut], piece.rule)
            size = wanted
        out.append(piece)
        wanted -= size


def _position(text: str, count: int) -> int:
    """The index behind the `count`-th character that is no blank."""
    for i, char in enumerate(text):
        if not char.isspace():
            count -= 1
            if count == 0:
                return i + 1
    return len(text)

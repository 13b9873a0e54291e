"""Text in columns on a terminal, where a Han letter is two cells wide (Unicode Standard Annex 11)."""

from __future__ import annotations

from unicodedata import category, east_asian_width


def width(text: str) -> int:
    """The terminal cells that `text` takes; ambiguous letters count as narrow."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(letter: str) -> int:
    if category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def pad(text: str, cells: int) -> str:
    """`text` with blanks behind it up to this width."""
    return text + " " * (cells - width(text))


def cut(text: str, cells: int) -> str:
    """`text` cut to this width, with `…` at the end where something is missing."""
    if width(text) <= cells:
        return text
    kept, used = "", 1
    for letter in text:
        used += _cells(letter)
        if used > cells:
            break
        kept += letter
    return kept + "…"


def plain(text: str) -> str:
    """`text` on one line, without characters that would steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())

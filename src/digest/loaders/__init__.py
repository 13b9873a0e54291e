"""Bytes of one file to a `Loaded`: pure, one file at a time.

    decode ──▶ envelope ──▶ repair ──▶ parse ──▶ mark ──▶ tokens ──▶ blocks ──▶ passes ──▶ Version + Body

`load` never raises on any input: what cannot be read is a `Problem`.
"""

from __future__ import annotations

from digest.errors import Problem
from digest.loaders.article import read_article
from digest.loaders.envelope import open_envelope
from digest.loaders.reader import Reader
from digest.model import Loaded, SourceFile, Trace
from digest.text.decode import decode

__all__ = ["Reader", "load", "trace"]

_LARGEST = 16_000_000


def load(file: SourceFile, reader: Reader) -> Loaded | Problem:
    """Read one file: its `Version` and `Body`, or why nothing could be made of it."""
    return _read(file, reader, traced=False)[0]


def trace(file: SourceFile, reader: Reader) -> tuple[Loaded | Problem, Trace | None]:
    """Read one file as `load` does, and tell how: origins of the fields and every piece of the text."""
    return _read(file, reader, traced=True)


def _read(file: SourceFile, reader: Reader, *, traced: bool) -> tuple[Loaded | Problem, Trace | None]:
    if len(file.data) > _LARGEST:
        size, limit = len(file.data) // 1_000_000, _LARGEST // 1_000_000
        message = f"the file has {size} MB (expected at most {limit}); left out"
        return Problem("too-large", message, file.path), None
    text, _, fault = decode(file.data)
    if text is None:
        return Problem("binary", fault, file.path), None
    faults = (Problem("encoding", fault, file.path),) if fault else ()
    return read_article(file.path, open_envelope(text, file.path), reader, faults, traced=traced)

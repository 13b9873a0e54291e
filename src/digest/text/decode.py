"""Bytes to text: strict UTF-8 first, else the Chinese encodings, told apart by their own letters."""

from __future__ import annotations

import re
from typing import NamedTuple

_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
# The forty letters that make up a quarter of any Chinese prose, in either script.
_COMMON = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年"
)
_SAMPLE = 20_000


class Decoded(NamedTuple):
    r"""The text, the encoding it was in, and a fault in one line (empty if there is none).

    `text` is None for bytes that are no text at all. Line ends are `\n`; the control
    characters HTML forbids are gone.
    """

    text: str | None
    encoding: str
    fault: str = ""


def decode(data: bytes) -> Decoded:
    """Decode one file. Nothing is ever replaced silently: what is guessed is reported."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _decode_marked(data[len(bom) :], name)
    if b"\0" in data:
        return Decoded(None, "binary", "the file is binary (it holds NUL bytes); expected text; left out")
    try:
        return Decoded(_clean(data).decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _guess(data, error.start)


def _decode_marked(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return Decoded(
            None, "binary", f"the file has a mark of {encoding} but is not; expected text; left out"
        )
    fault = f"the file is in {encoding}, expected UTF-8; read as that"
    return Decoded(_clean(text.encode("utf-8", "replace")).decode("utf-8"), encoding, fault)


def _guess(data: bytes, offset: int) -> Decoded:
    """The candidate whose text holds the most common Han letters; BeautifulSoup's detector for the rest."""
    line = data.count(b"\n", 0, offset) + 1
    best, best_score, best_name = "", 0.0, ""
    for name in _CANDIDATES[:2]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            text = data.decode(name, "replace")
        score = _score(text)
        if score > best_score:
            best, best_score, best_name = text, score, name
    broken_utf8 = data.decode("utf-8", "replace")
    # One damaged byte in a long UTF-8 file must not turn the whole of it into another encoding.
    if _score(broken_utf8) > best_score:
        best, best_name, best_score = broken_utf8, "utf-8", 1.0
    if best_score <= 0.05:
        best, best_name = _detect(data)
    if not best:
        return Decoded(None, "binary", "the file is in no encoding known here; expected UTF-8 text; left out")
    bad = best.count("\ufffd")
    how = f"read as {best_name}" + (f", {bad} bytes unreadable" if bad else "")
    text = _clean(best.encode("utf-8", "replace")).decode("utf-8")
    return Decoded(text, best_name, f"not UTF-8 from line {line} on (expected UTF-8); {how}")


def _detect(data: bytes) -> tuple[str, str]:
    from bs4.dammit import UnicodeDammit  # noqa: PLC0415 - only for files in no Chinese encoding

    found = UnicodeDammit(data, known_definite_encodings=[], is_html=True)
    name = found.original_encoding or ""
    text = found.unicode_markup or ""
    if not text or sum(c < " " and c not in "\t\n\r\f" for c in text[:_SAMPLE]) * 20 > len(text[:_SAMPLE]):
        return "", ""
    return text, name


def _score(text: str) -> float:
    """Share of the commonest letters among all that is not ASCII, less a fine for what is unreadable."""
    sample = [c for c in text[:_SAMPLE] if c > "\x7f"]
    if not sample:
        return 0.0
    common = sum(c in _COMMON for c in sample)
    wrong = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in sample)
    return (common - 2 * wrong) / len(sample)


def _clean(data: bytes) -> bytes:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = data.translate(None, _CONTROLS)
    if b"\xc2" in data and _C1.search(data):
        data = _C1.sub(b"", data)
    return data

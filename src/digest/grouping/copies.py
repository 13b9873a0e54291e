"""Near duplicates: which pages of a story carry the text of an earlier one (docs/pages/threads.md).

Wire copies and reposts share most of their wording, yet not all: one outlet cuts the end off, another
puts its own first paragraph in front or renders names its own way. What tells them is containment
(Broder 1997): the share of one text's shingles, here runs of five letters, that the other holds.

A page's shingles are kept as a small bitmap of fixed size, in which each sets the bit that its hash
names. How many shingles a text has, and how many two texts have together, is read off the share of bits
still unset (linear counting: Whang, Vander-Zanden and Taylor 1990; the intersection: Swamidass and Baldi
2007). Every shingle has its say, so the estimate errs far less than a sample of hashes in as many bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digest.text.folding import entries

SIZE = 256
"""Bytes of a signature: `_BODY` bits for the text, `_HEAD` for its opening, 16 for what was not read."""

_SHINGLE = 5
_FACTOR = np.uint32(0x9E3779B1)
_FACTOR_SQUARED = np.uint32(0x9E3779B1**2 & 0xFFFFFFFF)
_BODY = 1536
_HEAD = 496
_OPENING = 96  # shingles; the first paragraph of a wire report, and a dateline before it
READ = 5_000  # characters read; with more, the bits run out

# Tuned on one half of the labelled pairs, measured on the other (tests/test_copies.py).
_CONTAINED = 0.65  # of the shorter text, where it appears soon
_CONTAINED_LATE = 0.85  # the same, later than `_SOON`
_HALF = 0.49  # of the longer one; where less of it is shared, both must begin alike:
_BEGUN = 0.35  # of the shorter opening
_OWN_BEGUN = 0.15  # the same, of two texts of one outlet, whatever else they share
_CUT = 0.2  # of the longer text; less than this must be word for word:
_WORD_FOR_WORD = 0.85  # of the shorter text
_EQUAL = (0.97, 0.9)  # of the shorter and of the longer one: the same text, whenever it appears
_EQUAL_SHORT = (0.9, 0.9)  # the same, of texts so short that a set phrase is half of them:
_SHORT = 60  # shingles

_SOON = 36.0  # hours within which others rework a report
_OWN_SOON = 12.0  # hours within which an outlet updates its own; its daily forms come later
_SITTING = 0.5  # hours between two settings of a text by one outlet, with no news in between
_REACH = 240.0  # hours after which a text that is printed again is news again
_CHUNK = 1 << 13  # pairs compared at once, so that they stay in the cache

Bits = NDArray[np.uint64]
Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Text(NamedTuple):
    """What is compared of a page: its `signature`, its outlet, and its time in hours from any zero."""

    signature: bytes
    source: str
    hour: float


def signature(text: str) -> bytes:
    """The `SIZE` bytes that stand for a text. Width and case and, letter by letter, script do not matter;
    of a Traditional text, some regional words do unless it is folded."""
    return sign([text])[0]


def sign(texts: Sequence[str]) -> list[bytes]:
    """The signature of each text. None depends on the others."""
    encoded = [text[:READ].encode("utf-16-le", "surrogatepass") for text in texts]
    letters = _letters().take(np.frombuffer(b"".join(encoded), np.uint16))
    kept = np.flatnonzero(letters)
    shingles = _hash_shingles(letters[kept])
    ends = np.searchsorted(kept, np.cumsum([len(codes) // 2 for codes in encoded]))
    starts, last = np.concatenate(([0], ends))[:-1], ends - (_SHINGLE - 1)
    rows = np.arange(len(texts)) * (_BODY + _HEAD)
    flags = np.zeros(len(texts) * (_BODY + _HEAD) + 1, np.uint8)
    places = np.repeat(rows, ends - starts)[: len(shingles)]
    places += _scale(shingles >> np.uint32(16), _BODY)
    # What reaches from one text into the next sets the one bit behind all rows.
    across = (last[:, None] + np.arange(_SHINGLE - 1)).ravel()
    places[across[(across >= 0) & (across < len(places))]] = len(flags) - 1
    flags[places] = 1
    opening = starts[:, None] + np.arange(_OPENING)
    row, column = np.nonzero(opening < last[:, None])
    heads = shingles[opening[row, column]] & np.uint32(0xFFFF)
    flags[rows[row] + _BODY + _scale(heads, _HEAD)] = 1
    bits = np.packbits(flags[:-1].reshape(len(texts), _BODY + _HEAD), axis=1)
    counts = np.maximum(last - starts, 0).tolist()
    unread = [count * max(len(text) - READ, 0) // READ for count, text in zip(counts, texts, strict=True)]
    pairs = zip(bits, unread, strict=True)
    return [row.tobytes() + min(rest, 0xFFFF).to_bytes(2, "little") for row, rest in pairs]


def find_copies(groups: Iterable[Iterable[str]], texts: Mapping[str, Text]) -> dict[str, str]:
    """A page's id to that of the earliest page of its group that carries the same text.

    Where times are equal, the lower id is the earlier page. What only resembles a copy follows it to its
    original, unless that is of the same outlet: there it is the next report on the old form.
    """
    order: list[str] = []
    numbers: list[int] = []
    for number, group in enumerate(groups):
        order += sorted(group, key=lambda page: (texts[page].hour, page))
        numbers += [number] * (len(order) - len(numbers))
    copies: dict[str, str] = {}
    for right, left in _same_texts([texts[page] for page in order], numbers):
        page, earlier = order[right], order[left]
        original = copies.get(earlier, earlier)
        if page not in copies and (original == earlier or texts[original].source != texts[page].source):
            copies[page] = original
    return copies


def _same_texts(texts: list[Text], groups: list[int]) -> list[tuple[int, int]]:
    """The pairs that carry the same text, the later page first, in order. `groups` tells each text's group;
    within a group they are ordered by time."""
    names: dict[str, int] = {}
    source = np.array([names.setdefault(text.source, len(names)) for text in texts])
    hour = np.array([text.hour for text in texts])
    words = np.frombuffer(b"".join(text.signature for text in texts), np.uint64).reshape(-1, SIZE // 8)
    bodies, heads = words[:, : _BODY // 64].copy(), words[:, _BODY // 64 :].copy()
    field = heads.view(np.uint16)[:, -1]
    unread = field.astype(np.float64)
    field[:] = 0
    size, opening = _count(bodies, _BODY), _count(heads, _HEAD)
    found: list[tuple[int, int]] = []
    for earlier, later in _pairs(hour, np.array(groups)):
        shared = size[earlier] + size[later] - _count_union(bodies, earlier, later, _BODY)
        near = shared >= _CONTAINED * np.minimum(size[earlier], size[later])
        left, right, common = earlier[near], later[near], np.maximum(shared[near], 0.0)
        shorter = np.minimum(size[left], size[right])
        longer = np.maximum(size[left] + unread[left], size[right] + unread[right])
        begun = opening[left] + opening[right] - _count_union(heads, left, right, _HEAD)
        same = _judge(
            common / np.maximum(shorter, 1.0),
            common / np.maximum(longer, 1.0),
            begun / np.maximum(np.minimum(opening[left], opening[right]), 1.0),
            shorter,
            hour[right] - hour[left],
            source[right] == source[left],
        )
        found += zip(right[same].tolist(), left[same].tolist(), strict=True)
    return sorted(found)


def _pairs(hour: Numbers, group: Indices) -> Iterator[tuple[Indices, Indices]]:
    """All pairs of one group within `_REACH`, the earlier first, some `_CHUNK` at a time."""
    line = group * 1e8 + hour  # the groups far apart on one line of time
    first = np.arange(1, len(line) + 1)
    count = np.searchsorted(line, line + _REACH, side="right") - first
    before = np.concatenate(([0], np.cumsum(count)))
    cuts = np.searchsorted(before, np.arange(0, before[-1], _CHUNK), side="right") - 1
    for start, stop in pairwise([*cuts, len(line)]):
        rows = slice(start, stop)
        left = np.repeat(np.arange(start, stop), count[rows])
        right = np.arange(before[start], before[stop]) + np.repeat(first[rows] - before[rows], count[rows])
        yield left, right


def _count_union(bits: Bits, left: Indices, right: Indices, width: int) -> Numbers:
    """How many shingles either of two texts has."""
    union = bits.take(left, axis=0)
    union |= bits.take(right, axis=0)
    return _count(union, width)


def _count(bits: Bits, width: int) -> Numbers:
    """How many shingles set these bits, by the share of bits left unset."""
    filled = np.bitwise_count(bits).astype(np.float32) @ np.ones(bits.shape[1], np.float32)
    result: Numbers = -width * np.log(np.maximum(width - filled.astype(np.float64), 0.5) / width)
    return result


def _judge(
    part: Numbers, share: Numbers, begun: Numbers, shingles: Numbers, apart: Numbers, own: Flags
) -> Flags:
    """Which pairs are one text: `part` of the shorter and `share` of the longer one are common, and
    `begun` of the shorter opening; they came `apart` hours after each other, of one's `own` outlet or not."""
    half = share >= _HALF
    equal = (part >= _EQUAL[0]) & (share >= _EQUAL[1])
    short = (part >= _EQUAL_SHORT[0]) & (share >= _EQUAL_SHORT[1])
    update = (apart < _OWN_SOON) & (part >= _CONTAINED) & half & ((begun >= _OWN_BEGUN) | (apart < _SITTING))
    cut = (begun >= _BEGUN) & ((share >= _CUT) | (part >= _WORD_FOR_WORD))
    copy = (part >= np.where(apart < _SOON, _CONTAINED, _CONTAINED_LATE)) & (half | cut)
    return np.where(shingles < _SHORT, short, equal | np.where(own, update, copy))


@cache
def _letters() -> NDArray[np.uint32]:
    """A random-looking number for each UTF-16 letter or digit, in either script and case; 0 for all else."""
    numbers = np.arange(1, 0x10001, dtype=np.uint32) * np.uint32(0x85EBCA6B)
    numbers ^= numbers >> np.uint32(13)
    numbers *= np.uint32(0xC2B2AE35)
    numbers |= np.uint32(1)
    numbers[~np.char.isalnum(np.arange(0x10000, dtype=np.uint32).view("U1"))] = 0
    for variant, canonical in entries("letters"):
        if len(variant) == len(canonical) == 1 and max(variant, canonical) <= "\uffff":
            numbers[ord(variant)] = numbers[ord(canonical)]
    numbers[0xFF01:0xFF5F] = numbers[0x21:0x7F]
    return numbers


def _hash_shingles(letters: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The hash of each run of letters; all their bits are good."""
    pairs = letters[:-1] * _FACTOR + letters[1:]
    shingles = (pairs[:-3] * _FACTOR_SQUARED + pairs[2:-1]) * _FACTOR + letters[4:]
    shingles ^= shingles >> np.uint32(15)
    np.multiply(shingles, np.uint32(0x2C1B3C6D), out=shingles)
    shingles ^= shingles >> np.uint32(16)
    return shingles


def _scale(hashes: NDArray[np.uint32], width: int) -> Indices:
    """Hashes of 16 bits to places below `width`."""
    return (hashes * np.uint32(width) >> np.uint32(16)).astype(np.intp)

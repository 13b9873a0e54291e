"""How alike articles are: by the terms they share, and by what else is like them.

First comes the cosine of two articles' terms. It is low for a report and the comment on
it, which share a name or two; but both are like the same other reports. So what links two
articles is the cosine of their *rows* of similarities: a similarity of the second order, as in
latent semantic analysis over a context of a few days (Deerwester et al. 1990; Schütze 1998).

An article's row reaches back over the days before it and ends at itself: what arrives later changes no
similarity of the past. All sums are of whole numbers, exact whatever the machine adds up first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy import sparse

from digest.grouping.terms import SCALE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digest.grouping.article import Article


UNIT = 1024
"""What stands for a similarity of 1."""

_COSINE_BITS = 8
_COSINE_ONE = 1 << _COSINE_BITS
_FLOOR = 8
"""Cosines below 0.03 are chance: half of all pairs share some common word."""

Cosines: TypeAlias = sparse.csr_array
"""Rows of whole numbers, most of them nought."""

_COLUMNS = (1 << 20) - 1
"""Terms are told apart by this much of their numbers: one in a hundred meets another's."""


def compare_terms(earlier: Sequence[Article], today: Sequence[Article]) -> Cosines:
    """Cosines of today's articles (rows) with the earlier ones and each other (columns), in 1/256; those
    that are chance are left out."""
    ours = _read_vectors(today)
    theirs = sparse.vstack([_read_vectors(earlier), ours], format="csr") if earlier else ours
    cosines = ours @ theirs.T
    cosines.data >>= 2 * (SCALE.bit_length() - 1) - _COSINE_BITS
    cosines.data[cosines.data < _FLOOR] = 0
    cosines.eliminate_zeros()
    return cosines


def _read_vectors(articles: Sequence[Article]) -> Cosines:
    numbers = np.frombuffer(b"".join(a.terms for a in articles), np.uint32)
    weights = np.frombuffer(b"".join(a.weights for a in articles), np.int16).astype(np.int64)
    starts = np.cumsum([0, *(len(a.weights) // 2 for a in articles)])
    columns = (numbers & _COLUMNS).astype(np.int32)
    return sparse.csr_array((weights, columns, starts), shape=(len(articles), _COLUMNS + 1))


def compare_rows(cosines: Sequence[Cosines], sizes: Sequence[int]) -> NDArray[np.int16]:
    """Similarities of the last day's articles (rows) with those of all days and each other (columns), in
    1/1024. `cosines` are the days' own rows over days before them (at least those wanted), `sizes`
    the days' numbers of articles, the oldest day first.

    Row and column are compared up to the row's own article; only columns left of it mean anything.
    """
    size, today = sum(sizes), sizes[-1]
    earlier = size - today
    lower = sparse.vstack(
        [_fit(rows, end, size) for rows, end in zip(cosines, np.cumsum(sizes).tolist(), strict=True)],
        format="csr",
    )
    lower = sparse.tril(lower, k=-1, format="csr")
    square = lower + lower.T + sparse.eye_array(size, dtype=np.int64, format="csr") * _COSINE_ONE
    own = sparse.tril(square[earlier:], k=earlier, format="csr")
    squares = square.multiply(square).tocsr()
    before = np.asarray(squares[:, :earlier].sum(axis=1)).ravel()
    reach = before[None, :] + np.cumsum(squares[earlier:].toarray(), axis=0)
    lengths = np.asarray(own.multiply(own).sum(axis=1)).ravel()
    products = (own @ square).toarray()
    scale = np.sqrt(lengths[:, None].astype(np.float64) * np.maximum(reach, 1))
    rows: NDArray[np.int16] = np.rint(products * (UNIT / np.maximum(scale, 1))).astype(np.int16)
    return rows


def _fit(rows: Cosines, end: int, size: int) -> Cosines:
    """A day's rows with their last column at `end` of `size`."""
    first = max(rows.shape[1] - end, 0)
    kept = rows[:, first:] if first else rows
    offset = end - kept.shape[1]
    return sparse.csr_array((kept.data, kept.indices + offset, kept.indptr), shape=(kept.shape[0], size))


def stack_rows(rows: Sequence[NDArray[np.int16]], size: int) -> NDArray[np.int16]:
    """The symmetric matrix of the last `size` articles of several days. Each item of `rows` holds one
    day's rows over days before it (at least those wanted) and itself, the oldest day first; what stands
    right of a row's own article is not read."""
    square = np.zeros((size, size), np.int16)
    end = size
    for day in reversed(rows):
        start, width = end - len(day), min(day.shape[1], end)
        block = np.tril(day[:, day.shape[1] - width :], k=width - len(day))
        square[start:end, end - width : end] = block
        square[end - width : end, start:end] += np.tril(block, k=width - len(day) - 1).T
        end = start
    return square

"""How alike articles are: by the terms they share, and by what else is like them.

First comes the cosine of two articles' terms. It is low for a report and the comment on
it, which share a name or two; but both are like the same other reports. So what links two
articles is the cosine of their *rows* of similarities: a similarity of the second order, as in
latent semantic analysis over a context of a few days (Deerwester et al. 1990; Schütze 1998).

An article's row reaches back over the days before it and ends at itself: what arrives later changes no
similarity of the past. All sums are of whole numbers, exact whatever the machine adds up first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from digest.grouping.terms import SCALE
from digest.grouping.vectors import Vectors, make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from digest.grouping.article import Article
    from digest.grouping.vectors import Table


UNIT = 1024
"""What stands for a similarity of 1."""

_COSINE_BITS = 8
_COSINE_ONE = 1 << _COSINE_BITS
_FLOOR = 8
"""Cosines below 0.03 are chance: half of all pairs share some common word."""

_SMALL = 1 << 15
"""Articles with fewer than which sums of squared cosines are sure to stay below 2 ** 31."""


def compare_terms(earlier: Sequence[Article], today: Sequence[Article]) -> Table:
    """Cosines of today's articles (rows) with those before them (columns: the earlier ones, then today's),
    in 1/256; those that are chance are left out."""
    products = _read_vectors(today).multiply(_read_vectors([*earlier, *today]))
    cosines = products.data >> (2 * (SCALE.bit_length() - 1) - _COSINE_BITS)
    rows = np.repeat(np.arange(len(today)), np.diff(products.indptr))
    kept = np.flatnonzero((cosines >= _FLOOR) & (products.indices < len(earlier) + rows))
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows[kept], minlength=len(today)))))
    return sparse.csr_array((cosines[kept], products.indices[kept], starts), shape=products.shape)


def _read_vectors(articles: Sequence[Article]) -> Vectors:
    weights = np.frombuffer(b"".join(a.weights for a in articles), np.int16)
    return Vectors([a.terms for a in articles], weights.astype(np.int64))


def compare_rows(cosines: Sequence[Table], sizes: Sequence[int]) -> NDArray[np.int16]:
    """Similarities of the last day's articles (rows) with those of all days and each other (columns), in
    1/1024. `cosines` are the days' own rows over days before them (at least those wanted), `sizes`
    the days' numbers of articles, the oldest day first.

    Row and column are compared up to the row's own article; only columns left of it mean anything.
    """
    size, today = sum(sizes), sizes[-1]
    earlier = size - today
    rows, columns, values = _join_rows(cosines, sizes)
    everyone, ones = np.arange(size), np.full(size, _COSINE_ONE, values.dtype)
    square = make_table(
        np.concatenate((values, values, ones)),
        np.concatenate((rows, columns, everyone)),
        np.concatenate((columns, rows, everyone)),
        (size, size),
    )
    own = make_table(
        np.concatenate((values, ones))[last := np.concatenate((rows, everyone)) >= earlier],
        np.concatenate((rows, everyone))[last] - earlier,
        np.concatenate((columns, everyone))[last],
        (today, size),
    )
    squares = _square(square)
    reach = squares[earlier:].toarray()
    np.cumsum(reach, axis=0, out=reach)
    reach += (squares @ (everyone < earlier).astype(values.dtype))[None, :]
    # In place, for these are the largest arrays there are.
    lengths = np.maximum(reach, 1).astype(np.float64)
    lengths *= (_square(own) @ np.ones(size, values.dtype))[:, None]
    np.sqrt(lengths, out=lengths)
    similarities = np.divide((own @ square).toarray(), lengths, out=lengths)
    similarities *= UNIT
    rounded: NDArray[np.int16] = np.rint(similarities, out=similarities).astype(np.int16)
    return rounded


def _join_rows(
    cosines: Sequence[Table], sizes: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32] | NDArray[np.int64]]:
    """The rows, columns and values of the days' cosines in one table of all."""
    rows, columns = [], []
    for table, end in zip(cosines, np.cumsum(sizes).tolist(), strict=True):
        rows.append(np.repeat(np.arange(end - table.shape[0], end), np.diff(table.indptr)))
        columns.append(table.indices.astype(np.int64) + (end - table.shape[1]))
    joined = np.concatenate(columns)
    known = np.flatnonzero(joined >= 0)
    values = np.concatenate([table.data for table in cosines])[known]
    small = values.astype(np.int32) if sum(sizes) < _SMALL else values.astype(np.int64)
    return np.concatenate(rows)[known], joined[known], small


def _square(table: Table) -> Table:
    return sparse.csr_array((table.data * table.data, table.indices, table.indptr), shape=table.shape)


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

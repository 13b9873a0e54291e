"""Vectors of terms as rows of sparse tables, small enough to multiply fast.

A term's column is part of its number: one in a hundred meets another's. Of all columns those alone
are kept that the rows of interest have.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

COLUMNS = 1 << 20

Table: TypeAlias = sparse.csr_array
"""Rows of whole numbers, most of them nought."""


class Vectors:
    """Vectors of terms, each given by its term numbers (4 bytes each); `weights` are those of all, one vector
    after the other."""

    def __init__(self, terms: Sequence[bytes], weights: NDArray[np.int64]) -> None:
        self._columns = np.frombuffer(b"".join(terms), np.uint32) & np.uint32(COLUMNS - 1)
        self._weights = weights
        self._lengths = np.array([len(numbers) // 4 for numbers in terms], np.int64)
        self._owners = np.repeat(np.arange(len(terms)), self._lengths)

    def __len__(self) -> int:
        return len(self._lengths)

    @cached_property
    def squares(self) -> NDArray[np.int64]:
        """The vectors' squared lengths."""
        squares = np.bincount(self._owners, weights=self._weights * self._weights, minlength=len(self))
        return squares.astype(np.int64)

    def multiply(self, others: Vectors) -> Table:
        """The products with others (columns)."""
        known, columns = np.unique(self._columns, return_inverse=True)
        # A table, for searching each of their terms among ours takes ten times as long.
        places = np.full(COLUMNS, -1, np.int32)
        places[known] = np.arange(len(known), dtype=np.int32)
        theirs = places[others._columns]
        met = np.flatnonzero(theirs >= 0)
        starts = np.concatenate(([0], np.cumsum(self._lengths)))
        ours = sparse.csr_array((self._weights, columns, starts), shape=(len(self), len(known)))
        table = make_table(others._weights[met], theirs[met], others._owners[met], (len(known), len(others)))
        return ours @ table


def make_table(
    values: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]
) -> Table:
    """The table that has these values at these places."""
    table = sparse.coo_array((values, (rows, columns)), shape=shape)
    table.has_canonical_format = True  # a product needs neither order nor each place once: half the time
    return table.tocsr()

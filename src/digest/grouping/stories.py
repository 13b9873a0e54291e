"""What the fold remembers of stories: who founded them, and what they are about.

A story's number tells its age: numbers are given in the order of arrival. Its centroid is the sum of
its members' vectors; only the heaviest terms are kept.
"""

from __future__ import annotations

import math
from array import array
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from digest.grouping.vectors import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from digest.grouping.article import Article

_NOTHING = np.zeros(0, np.int64)

TERMS = 64
"""Terms a centroid keeps."""


class Story(Struct, frozen=True, gc=False):
    """A story at the end of a day: its number, founding article, members so far, first and last day, and
    its centroid (term numbers ascending, 4 bytes each, with weights of 4 bytes each)."""

    number: int
    founder: str
    size: int
    born: int
    last: int
    terms: bytes
    weights: bytes


def sum_vectors(groups: Sequence[Sequence[tuple[bytes, NDArray[np.int64]]]]) -> list[tuple[bytes, bytes]]:
    """For each group of vectors, given by their term numbers and weights, the sum; of two or more the
    heaviest terms are kept."""
    parts = [part for group in groups for part in group]
    if not parts:
        return [(b"", b"")] * len(groups)
    numbers = np.frombuffer(b"".join(terms for terms, _ in parts), np.uint32)
    weights = np.concatenate([weights for _, weights in parts])
    lengths = [sum(len(weights) for _, weights in group) for group in groups]
    places = np.repeat(np.arange(len(groups), dtype=np.uint64), lengths) << np.uint64(32) | numbers
    known, inverse = np.unique(places, return_inverse=True)
    sums = np.bincount(inverse, weights=weights, minlength=len(known)).astype(np.int64)
    owners, terms = (known >> np.uint64(32)).astype(np.intp), known.astype(np.uint32)
    heaviest = np.lexsort((terms, -sums, owners))
    starts = np.searchsorted(owners, np.arange(len(groups) + 1))
    rank = np.arange(len(heaviest)) - starts[owners[heaviest]]
    several = np.array([len(group) > 1 for group in groups])
    kept = np.sort(heaviest[(rank < TERMS) | ~several[owners[heaviest]]])
    cuts = 4 * np.searchsorted(owners[kept], np.arange(len(groups) + 1))
    all_terms, all_sums = terms[kept].tobytes(), sums[kept].astype(np.int32).tobytes()
    return [(all_terms[start:end], all_sums[start:end]) for start, end in pairwise(cuts.tolist())]


def read_vector(article: Article) -> tuple[bytes, NDArray[np.int64]]:
    """An article's vector, as `sum_vectors` takes it."""
    return article.terms, np.frombuffer(article.weights, np.int16).astype(np.int64)


def read_centroid(story: Story) -> tuple[bytes, NDArray[np.int64]]:
    """A story's centroid, as `sum_vectors` takes it."""
    return story.terms, np.frombuffer(story.weights, np.int32).astype(np.int64)


def join_vectors(parts: Sequence[tuple[bytes, NDArray[np.int64]]]) -> Vectors:
    """Vectors to be compared, each as `sum_vectors` takes it."""
    weights = [weights for _, weights in parts]
    return Vectors([terms for terms, _ in parts], np.concatenate(weights) if weights else _NOTHING)


def join_centroids(stories: Sequence[Story]) -> Vectors:
    """The stories' centroids, to be compared."""
    weights = np.frombuffer(b"".join(s.weights for s in stories), np.int32)
    return Vectors([s.terms for s in stories], weights.astype(np.int64))


class Centroid:
    """A story's centroid, to be compared with one article after another."""

    def __init__(self, story: Story) -> None:
        self._weights = dict(zip(array("I", story.terms), array("i", story.weights), strict=True))
        self._length = _measure(self._weights.values())

    def compare(self, article: Article) -> float:
        """The cosine with an article."""
        weights, own = self._weights, array("h", article.weights)
        product = sum(
            weight * weights[term]
            for term, weight in zip(array("I", article.terms), own, strict=True)
            if term in weights
        )
        return product / max(_measure(own) * self._length, 1.0)


def _measure(weights: Iterable[int]) -> float:
    return math.sqrt(sum(weight * weight for weight in weights))


def find_like(
    ours: Vectors, theirs: Vectors, least: NDArray[np.float64], less: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """The places of vectors and of others that are like each other, with their cosines: those of the vector's
    `least` or more, `less` so much for the other. Ordered by our vector, then theirs."""
    if not len(ours) or not len(theirs):
        return []
    products = ours.multiply(theirs)
    own, other = np.sqrt(ours.squares), np.sqrt(theirs.squares)
    # Nearly all products are far too small; only what is left is worth its exact cosine.
    enough = (least.min() - less.max()) * _shortest(own) * _shortest(other)
    high = np.flatnonzero(products.data >= enough)
    rows = np.searchsorted(products.indptr, high, side="right") - 1
    columns = products.indices[high]
    cosines = products.data[high] / (own[rows] * other[columns])
    found = cosines >= least[rows] - less[columns]
    places = zip(rows[found].tolist(), columns[found].tolist(), cosines[found].tolist(), strict=True)
    return sorted(places)


def _shortest(lengths: NDArray[np.float64]) -> float:
    return float(lengths[lengths > 0].min(initial=np.inf))

"""What the fold remembers of stories: who founded them, and what they are about.

A story's number tells its age: numbers are given in the order of arrival. Its centroid is the sum of
its members' vectors; only the heaviest terms are kept.
"""

from __future__ import annotations

import math
from array import array
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


def sum_vectors(parts: Iterable[tuple[bytes, NDArray[np.int64]]]) -> tuple[bytes, bytes]:
    """The sum of vectors, each given by its term numbers and weights; of two or more the heaviest terms
    are kept."""
    pairs = list(parts)
    if len(pairs) == 1:
        return pairs[0][0], pairs[0][1].astype(np.int32).tobytes()
    numbers, place = np.unique(np.frombuffer(b"".join(t for t, _ in pairs), np.uint32), return_inverse=True)
    weights = np.concatenate([weights for _, weights in pairs])
    values = np.bincount(place, weights=weights, minlength=len(numbers)).astype(np.int64)
    if len(numbers) > TERMS:
        kept = np.sort(np.lexsort((numbers, -values))[:TERMS])
        numbers, values = numbers[kept], values[kept]
    return numbers.tobytes(), values.astype(np.int32).tobytes()


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


def find_like(ours: Vectors, theirs: Vectors, least: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """The places of vectors and of others that are like each other, with their cosines: for each of the
    others, those of `least` or more. Ordered by our vector, then theirs."""
    if not len(ours) or not len(theirs):
        return []
    products = ours.multiply(theirs)
    own, other = np.sqrt(ours.squares), np.sqrt(theirs.squares)
    # Nearly all products are far too small; only what is left is worth its exact cosine.
    high = np.flatnonzero(products.data >= least.min() * _shortest(own) * _shortest(other))
    rows = np.searchsorted(products.indptr, high, side="right") - 1
    columns = products.indices[high]
    cosines = products.data[high] / (own[rows] * other[columns])
    found = cosines >= least[columns]
    places = zip(rows[found].tolist(), columns[found].tolist(), cosines[found].tolist(), strict=True)
    return sorted(places)


def _shortest(lengths: NDArray[np.float64]) -> float:
    return float(lengths[lengths > 0].min(initial=np.inf))

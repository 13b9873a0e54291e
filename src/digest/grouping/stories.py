"""What the fold remembers of stories: who founded them, and what they are about.

A story's number tells its age: numbers are given in the order of arrival. Its centroid is the sum of
its members' vectors; only the heaviest terms are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from digest.grouping.article import Article

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


def compare_centroids(
    vectors: Sequence[tuple[bytes, NDArray[np.int64]]], stories: Sequence[Story]
) -> NDArray[np.float64]:
    """Cosines of vectors (rows) with the stories' centroids (columns)."""
    if not vectors or not stories:
        return np.zeros((len(vectors), len(stories)))
    numbers = np.frombuffer(b"".join(terms for terms, _ in vectors), np.uint32)
    values = np.concatenate([weights for _, weights in vectors])
    lengths = [len(weights) for _, weights in vectors]
    vocabulary, columns = np.unique(numbers, return_inverse=True)
    own = sparse.csr_array((values, columns, _starts(lengths)), shape=(len(vectors), len(vocabulary)))
    their_lengths = [len(s.weights) // 4 for s in stories]
    theirs = np.frombuffer(b"".join(s.terms for s in stories), np.uint32)
    weights = np.frombuffer(b"".join(s.weights for s in stories), np.int32).astype(np.int64)
    owners = np.repeat(np.arange(len(stories)), their_lengths)
    squares = np.bincount(owners, weights=weights * weights, minlength=len(stories))
    if not len(vocabulary):
        return np.zeros((len(vectors), len(stories)))
    place = np.minimum(np.searchsorted(vocabulary, theirs), len(vocabulary) - 1)
    met = vocabulary[place] == theirs
    shape = (len(vocabulary), len(stories))
    table = sparse.csr_array((weights[met], (place[met], owners[met])), shape=shape)
    products = (own @ table).toarray()
    owned = np.bincount(
        np.repeat(np.arange(len(vectors)), lengths), weights=values * values, minlength=len(vectors)
    )
    cosines: NDArray[np.float64] = products / np.sqrt(np.maximum(owned[:, None] * squares[None, :], 1))
    return cosines


def _starts(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(lengths)))

"""What is remembered of a story: the sum of its vectors, and how like it others are."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from arrivals import PLAIN, article, fold_all, number_of, topic
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.grouping.article import Article
from digest.grouping.stories import (
    TERMS,
    Centroid,
    Story,
    find_like,
    join_centroids,
    join_vectors,
    read_centroid,
    read_vector,
    sum_vectors,
)

VECTORS = st.dictionaries(st.integers(0, 2**32 - 1) | st.integers(0, 20), st.integers(1, 512), max_size=40)


def pack(vector: dict[int, int]) -> tuple[bytes, np.ndarray]:
    numbers = sorted(vector)
    return np.array(numbers, np.uint32).tobytes(), np.array([vector[n] for n in numbers], np.int64)


def unpack(terms: bytes, weights: bytes) -> dict[int, int]:
    numbers = np.frombuffer(terms, np.uint32).tolist()
    assert numbers == sorted(set(numbers))
    return dict(zip(numbers, np.frombuffer(weights, np.int32).tolist(), strict=True))


def story(vector: dict[int, int], number: int = 0) -> Story:
    terms, weights = pack(vector)
    return Story(number, "a", 3, 1, 1, terms, weights.astype(np.int32).tobytes())


@given(st.lists(VECTORS, min_size=2, max_size=6))
def test_a_sum_keeps_the_heaviest_terms(vectors):
    total: Counter[int] = Counter()
    for vector in vectors:
        total.update(vector)
    heaviest = dict(sorted(total.items(), key=lambda item: (-item[1], item[0]))[:TERMS])
    parts = [*map(pack, vectors)]
    (found,) = sum_vectors([parts])
    assert unpack(*found) == heaviest
    assert sum_vectors([parts[::-1], parts[:1], parts]) == [found, *sum_vectors([parts[:1]]), found]


def test_of_many_terms_the_heaviest_are_kept_and_of_equals_those_with_the_least_number():
    vectors = [{n: 100 - n for n in range(50)}, dict.fromkeys(range(40, 90), 5)]
    total = (
        {n: 100 - n for n in range(40)}
        | {n: 105 - n for n in range(40, 50)}
        | dict.fromkeys(range(50, 64), 5)
    )
    assert unpack(*sum_vectors([[*map(pack, vectors)]])[0]) == total
    assert len(total) == TERMS


@given(VECTORS)
def test_the_sum_of_one_is_itself(vector):
    assert unpack(*sum_vectors([[pack(vector)]])[0]) == vector
    assert sum_vectors([[], [pack(vector)]])[0] == (b"", b"")
    assert sum_vectors([]) == []


def slowly(one: dict[int, int], other: dict[int, int]) -> float:
    lengths = math.prod(sum(w * w for w in v.values()) for v in (one, other))
    return sum(w * other.get(n, 0) for n, w in one.items()) / math.sqrt(max(lengths, 1))


@settings(max_examples=60)
@given(st.lists(VECTORS, max_size=5), st.lists(VECTORS, max_size=5), st.lists(st.floats(0.01, 1), min_size=5))
def test_those_are_found_that_are_alike_enough(vectors, stories, asked):
    vectors, stories = ([{n % 2**20: w for n, w in v.items()} for v in vs] for vs in (vectors, stories))
    least = np.array(asked[: len(stories)])
    # What is asked for hangs on both: on the vector a little, on the story for the rest.
    asked_more = 0.1 + np.arange(len(vectors)) / 50
    less = 0.1 - least
    found = find_like(
        join_vectors([*map(pack, vectors)]), join_centroids([*map(story, stories)]), asked_more, less
    )
    cosines = {(i, j): slowly(v, s) for i, v in enumerate(vectors) for j, s in enumerate(stories)}
    sure = {
        place for place, cosine in cosines.items() if cosine > asked_more[place[0]] - less[place[1]] + 1e-9
    }
    possible = {
        place for place, cosine in cosines.items() if cosine > asked_more[place[0]] - less[place[1]] - 1e-9
    }
    places = [(i, j) for i, j, _ in found]
    assert places == sorted(places)
    assert sure <= set(places) <= possible
    assert all(cosine == pytest.approx(cosines[i, j]) for i, j, cosine in found)


def test_a_day_of_articles_without_terms_is_like_nothing():
    one, none = np.array([0.1]), np.array([])
    assert find_like(join_vectors([]), join_centroids([story({1: 2})]), none, one) == []
    assert find_like(join_vectors([pack({})]), join_centroids([]), one, none) == []
    vectors = join_vectors([pack({1: 3}), pack({})])
    least, less = np.array([0.1, 0.1]), np.array([0.0, 0.0])
    assert find_like(vectors, join_centroids([story({}), story({1: 2})]), least, less) == [
        (0, 1, pytest.approx(1))
    ]


@given(VECTORS, VECTORS)
def test_an_article_is_compared_with_one_story_as_with_many(vector, other):
    terms, weights = pack(vector)
    one = Article("a", 1, terms=terms, weights=weights.astype(np.int16).tobytes())
    assert Centroid(story(other)).compare(one) == pytest.approx(slowly(vector, other))


def test_the_fold_keeps_founder_size_days_and_centroid():
    archive = [article("a", 3, topic("flood", 0, 4)), article("b", 3, topic("flood", 0, 4)),
               article("c", 5, topic("flood", 0, 4))]  # fmt: skip
    (found,), _ = fold_all(archive, PLAIN)[0].stories, None
    assert (found.number, found.founder, found.size, found.born, found.last) == (0, "a", 3, 3, 5)
    terms, weights = read_centroid(found)
    assert unpack(terms, weights.astype(np.int32).tobytes()) == {
        number_of(f"flood{n}"): 3 * 256 for n in range(4)
    }
    one, weight = read_vector(archive[0])
    assert (one, weight.tolist()) == (archive[0].terms, [256] * 4)


def test_a_story_that_took_another_in_is_the_sum_of_both():
    left, right, between = topic("flood", 0, 8), topic("flood", 8, 16), topic("flood", 2, 14)
    archive = [article("a", 1, left), article("b", 1, right), article("c", 1, left), article("d", 1, right)]
    bridges = [article(f"e{n}", 2, between) for n in range(4)]
    state, decisions = fold_all([*archive, *bridges], PLAIN)
    assert [(j.gone, j.kept, j.told) for j in decisions[1].joins if j.told] == [(1, 0, True)]
    (found,) = state.stories
    assert (found.founder, found.size, found.born, found.last) == ("a", 8, 1, 2)
    assert unpack(found.terms, found.weights) == unpack(
        *sum_vectors([[read_vector(a) for a in archive + bridges]])[0]
    )

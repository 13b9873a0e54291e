"""Average linkage as articles arrive, against the same rule said slowly."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.grouping.linkage import Linkage

THRESHOLD = 400


@st.composite
def matrices(draw: st.DrawFn, most: int = 14) -> np.ndarray:
    """Symmetric similarities of few different values, so that there are ties, and some that repel."""
    size = draw(st.integers(1, most))
    values = st.sampled_from((-1024, 0, 0, 150, 300, 390, 400, 410, 500, 800, 1024))
    square = np.zeros((size, size), np.int16)
    for i in range(size):
        for j in range(i):
            square[i, j] = square[j, i] = draw(values)
    return square


class SlowLinkage:
    """Lists of articles, and every average worked out anew."""

    def __init__(self, square: np.ndarray, threshold: float, caution: float) -> None:
        self.square, self.threshold, self.caution = square, threshold, caution
        self.clusters: dict[int, list[int]] = {}

    def add(self, number: int, place: int) -> list[tuple[int, int]]:
        self.clusters[number] = [place]
        joined = []
        while True:
            averages = {n: self.likeness(number, n) for n in self.clusters if n != number}
            best = max(averages, key=lambda n: (averages[n], -n), default=None)
            if best is None or averages[best] < self.threshold - 1e-6:
                return joined
            kept, gone = sorted((number, best))
            self.clusters[kept] += self.clusters.pop(gone)
            joined.append((gone, kept))
            number = kept

    def likeness(self, one: int, other: int) -> float:
        pairs = [int(self.square[i, j]) for i in self.clusters[one] for j in self.clusters[other]]
        smaller = min(len(self.clusters[one]), len(self.clusters[other]))
        # Rounded, so that equals are equal whatever the order of the sum.
        return round(sum(pairs) / len(pairs) - self.caution * min(math.log2(smaller) / 4, 1), 6)

    @property
    def labels(self) -> list[int]:
        return [label for _, label in sorted((i, n) for n, places in self.clusters.items() for i in places)]


def run(square: np.ndarray, threshold: float = THRESHOLD, caution: float = 0.0):
    linkage = Linkage([], np.zeros((0, 0), np.int16), len(square) + 1, caution)
    joins = [linkage.add(i, square[i, :i], threshold) for i in range(len(square))]
    return linkage, joins


@settings(max_examples=200)
@given(matrices(), st.sampled_from((0.0, 60.0)))
def test_it_joins_what_the_slow_rule_joins_and_in_that_order(square, caution):
    linkage, joins = run(square, caution=caution)
    slow = SlowLinkage(square, THRESHOLD, caution)
    assert joins == [slow.add(i, i) for i in range(len(square))]
    assert linkage.labels == slow.labels
    assert linkage.present == frozenset(slow.clusters)


@settings(max_examples=100)
@given(matrices(), st.data())
def test_taking_up_where_an_earlier_day_left_off_is_going_on(square, data):
    size = len(square)
    cut = data.draw(st.integers(0, size))
    whole, joins = run(square, caution=60)
    first, before = run(square[:cut, :cut], caution=60)
    second = Linkage(first.labels, square[:cut, :cut], size - cut, 60)
    after = [second.add(i, square[i, :i], THRESHOLD) for i in range(cut, size)]
    assert before + after == joins
    assert second.labels == whole.labels


@settings(max_examples=100)
@given(matrices())
def test_what_is_left_is_below_the_threshold_for_the_last_one_and_clusters_never_split(square):
    linkage = Linkage([], np.zeros((0, 0), np.int16), len(square))
    last: list[int] = []
    for i in range(len(square)):
        for gone, kept in linkage.add(i, square[i, :i], THRESHOLD):
            assert kept < gone
        labels = linkage.labels
        together = defaultdict(set)
        for old, new in zip(last, labels, strict=False):
            together[old].add(new)
        assert all(len(new) == 1 for new in together.values())
        last = labels
        mine = [n for n, label in enumerate(labels) if label == labels[i]]
        for label in set(labels) - {labels[i]}:
            theirs = [n for n, other in enumerate(labels) if other == label]
            assert square[np.ix_(mine, theirs)].mean() < THRESHOLD


def test_of_two_equally_like_the_older_is_joined():
    square = np.array([[0, 0, 500], [0, 0, 500], [500, 500, 0]], np.int16)
    linkage, joins = run(square, threshold=300)
    assert joins == [[], [], [(2, 0)]]
    assert linkage.labels == [0, 1, 0]


@pytest.mark.parametrize(("caution", "joined"), [(0.0, True), (100.0, False)])
def test_large_clusters_ask_for_more(caution, joined):
    # Two clusters of four, 432 alike in the end, held apart until the last article; with four the caution is half.
    square = np.full((8, 8), 1024, np.int16)
    square[7, :4] = square[:4, 7] = 560
    square[:4, 4:7] = square[4:7, :4] = 390
    linkage, _ = run(square, caution=caution)
    assert len(linkage.present) == (1 if joined else 2)


def test_each_article_may_be_asked_for_another_likeness():
    linkage = Linkage([], np.zeros((0, 0), np.int16), 3)
    assert linkage.add(0, np.array([], np.int16), 0) == []
    assert linkage.add(1, np.array([300], np.int16), 301) == []
    assert linkage.add(2, np.array([300, 0], np.int16), 300) == [(2, 0)]


def test_what_does_not_fit_is_passed_over_for_the_next_best():
    square = np.array([[0, 0, 500], [0, 0, 450], [500, 450, 0]], np.int16)
    linkage, _ = run(square[:2, :2])
    assert linkage.add(2, square[2, :2], THRESHOLD, lambda number: number != 0) == [(2, 1)]
    linkage, _ = run(square[:2, :2])
    assert linkage.add(2, square[2, :2], THRESHOLD, lambda _: False) == []


def test_a_pair_is_asked_for_no_more_than_the_threshold():
    square = np.array([[0, 400], [400, 0]], np.int16)
    assert run(square, caution=1000)[1] == [[], [(1, 0)]]


def test_what_is_skipped_is_in_no_cluster_and_bears_on_none():
    linkage = Linkage([7, -1, 9], np.full((3, 3), 300, np.int16), 3)
    assert linkage.present == {7, 9}
    linkage.skip()
    assert linkage.add(11, np.array([500, 1024, 0, 1024], np.int16), THRESHOLD) == [(11, 7)]
    assert linkage.labels == [7, -1, 9, -1, 7]


def test_a_cluster_joined_by_hand_takes_the_number_it_is_given():
    linkage = Linkage([5, 5, 8], np.zeros((3, 3), np.int16), 2)
    linkage.join(8, 2)
    assert (linkage.labels, linkage.present) == ([5, 5, 2], {5, 2})
    linkage.join(5, 2)
    assert (linkage.labels, linkage.present) == ([2, 2, 2], {2})
    assert linkage.add(9, np.array([500, 500, 0], np.int16), THRESHOLD) == []
    assert linkage.add(10, np.array([500, 500, 500, 0], np.int16), THRESHOLD) == [(10, 2)]


def test_a_younger_cluster_under_an_older_name_is_the_older():
    linkage = Linkage([5, 8], np.zeros((2, 2), np.int16), 1)
    linkage.join(8, 2)
    assert linkage.add(9, np.array([450, 500], np.int16), THRESHOLD) == [(9, 2)]
    assert linkage.labels == [5, 2, 2]


def test_of_two_clusters_the_one_under_the_older_name_is_kept():
    linkage = Linkage([5, 8], np.array([[0, 800], [800, 0]], np.int16), 1)
    linkage.join(8, 2)
    assert linkage.add(9, np.array([500, 500], np.int16), THRESHOLD) == [(9, 5), (5, 2)]
    assert linkage.labels == [2, 2, 2]


def test_near_are_the_three_nearest_stories_best_first():
    labels = [n for n in range(6) for _ in range(2)] + [6]
    square = np.zeros((13, 13), np.int16)
    for other, likeness in ((1, 200), (2, 390), (3, 300), (4, 300), (5, 100), (6, 399)):
        square[:2, 2 * other : 2 * other + 2] = square[2 * other : 2 * other + 2, :2] = likeness
    linkage = Linkage(labels, square, 0)
    assert linkage.near([0], 150) == [(0, 2, 390), (0, 3, 300), (0, 4, 300)]
    assert linkage.near([0], 301) == [(0, 2, 390)]
    assert linkage.near([5, 6], 50) == [(5, 0, 100)]
    assert linkage.near([], 0) == []


def test_of_many_equally_near_the_oldest_are_named():
    labels = [n for n in range(100) for _ in range(2)]
    linkage = Linkage(labels, np.full((200, 200), 200, np.int16), 0)
    assert linkage.near([40], 150) == [(40, 0, 200), (40, 1, 200), (40, 2, 200)]

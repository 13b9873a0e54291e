"""Similarities of the first and second order, against the same said slowly."""

from __future__ import annotations

import math

import numpy as np
from arrivals import archives, article, bulletin, number_of, topic
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.grouping.days import compare_days, part_days, reach_back
from digest.grouping.similarity import UNIT, compare_rows, compare_terms, stack_rows

MANY = settings(max_examples=60)


def read(found) -> dict[int, int]:
    numbers, weights = np.frombuffer(found.terms, np.uint32), np.frombuffer(found.weights, np.int16)
    return dict(zip(numbers.tolist(), weights.tolist(), strict=True))


def cosine(one, other) -> int:
    """In 1/256, rounded down; what is under 8 is none. Terms go by the last 20 bits of their numbers."""
    total = sum(
        v * w for n, v in read(one).items() for m, w in read(other).items() if n % (1 << 20) == m % (1 << 20)
    )
    found = total // 1024
    return found if found >= 8 else 0


def compare_slowly(articles) -> list[list[int]]:
    """What `compare_rows` gives for each article and those before it, were they all of one day."""
    size = len(articles)
    square = [[256 if i == j else cosine(articles[i], articles[j]) for j in range(size)] for i in range(size)]
    rows = []
    for i in range(size):
        row = []
        for j in range(i):
            product = sum(square[i][k] * square[j][k] for k in range(i + 1))
            lengths = [sum(square[n][k] ** 2 for k in range(i + 1)) for n in (i, j)]
            row.append(product / math.sqrt(lengths[0] * lengths[1]) * UNIT)
        rows.append(row)
    return rows


def rows_of(*days) -> list[np.ndarray]:
    """Each day's rows, where all the days are within reach of each other."""
    joined = [[a for day in days[:n] for a in day] for n in range(len(days) + 1)]
    cosines = [compare_terms(joined[n], day) for n, day in enumerate(days)]
    return [compare_rows(cosines[: n + 1], [*map(len, days[: n + 1])]) for n in range(len(days))]


def lower(rows) -> list[list[int]]:
    """The part of the rows that means anything, article by article."""
    return [row[: len(day[0]) - len(day) + n].tolist() for day in rows for n, row in enumerate(day)]


def grouped(archive):
    return [a for a in archive if a.terms]


def split(data, articles):
    cuts = sorted(data.draw(st.sets(st.integers(1, len(articles) - 1), max_size=3))) if articles[1:] else []
    return [articles[a:b] for a, b in zip([0, *cuts], [*cuts, len(articles)], strict=True)]


def test_cosines_are_those_of_the_terms_with_what_came_before():
    found = compare_terms(
        [article("a", 1, "kelp reef")], [article("b", 1, "kelp"), article("c", 1, "reef surf")]
    )
    assert compare_terms([], [article("a", 1, "kelp"), article("b", 1, "kelp")]).toarray().tolist() == [
        [0, 0],
        [256, 0],
    ]
    assert found.toarray().tolist() == [[181, 0, 0], [127, 0, 0]]


def test_a_cosine_that_is_chance_counts_for_nothing():
    common, own = "kelp", " ".join(f"own{n}" for n in range(39))
    assert (
        compare_terms([article("a", 1, common)], [article("b", 1, f"{common} {own}")]).toarray()[0, 0] == 40
    )
    far = article("c", 1, " ".join(["kelp", *(f"c{n}" for n in range(35))]))
    assert compare_terms([far], [article("d", 1, f"{common} {own}")]).nnz == 0


def test_terms_with_the_same_last_bits_are_one():
    base = number_of("kelp")
    other = next(f"w{n}" for n in range(10**7) if (number_of(f"w{n}") ^ base) & 0xFFFFF == 0)
    assert compare_terms([article("a", 1, "kelp")], [article("b", 1, other)]).toarray()[0, 0] == 256


@MANY
@given(archives(12), st.data())
def test_rows_are_those_worked_out_slowly_however_the_days_are_cut(archive, data):
    articles = grouped(archive)
    if not articles:
        return
    slow = compare_slowly(articles)
    found = lower(rows_of(*split(data, articles)))
    assert found == lower(rows_of(articles)), "the same bits, wherever a day ends"
    assert [len(row) for row in found] == [len(row) for row in slow]
    assert all(
        abs(f - s) <= 0.500001
        for mine, its in zip(found, slow, strict=True)
        for f, s in zip(mine, its, strict=True)
    )


@MANY
@given(archives(12), st.randoms(use_true_random=False))
def test_rows_do_not_hang_on_the_order_of_what_came_before(archive, random):
    articles = grouped(archive)
    if len(articles) < 2:
        return
    *before, last = articles
    order = list(range(len(before)))
    random.shuffle(order)
    plain, mixed = rows_of(before, [last])[1], rows_of([before[n] for n in order], [last])[1]
    assert mixed[0, : len(before)].tolist() == plain[0, order].tolist()


@MANY
@given(archives(16), st.data())
def test_the_matrix_of_some_days_is_symmetric_and_holds_their_rows(archive, data):
    articles = grouped(archive)
    if not articles:
        return
    rows = rows_of(*split(data, articles))
    flat = lower(rows)
    first = data.draw(st.integers(0, len(rows)))
    skipped = sum(map(len, rows[:first]))
    size = len(articles) - skipped
    square = stack_rows(rows[first:], size)
    assert square.shape == (size, size)
    assert (square == square.T).all()
    for i in range(size):
        assert square[i, :i].tolist() == flat[skipped + i][skipped:]
    # The matrix is a copy: what is done to it changes no row.
    square[:] = 7
    assert lower(rows) == flat


# ---- by days


@MANY
@given(archives(), st.integers(1, 4))
def test_a_day_sees_the_days_within_reach_and_needs_none_beyond_twice_that(archive, reach):
    days = part_days(archive)
    dates = [day[0].day for day in days]
    whole = list(compare_days(days, 0, reach))
    for index, seen in enumerate(whole):
        first = reach_back(dates, index, reach)
        assert dates[index] - dates[first] <= reach
        assert first == 0 or dates[index] - dates[first - 1] > reach
        assert seen.rows.shape == (len(days[index]), sum(map(len, days[first : index + 1])))
        assert seen.pool.shape == (sum(map(len, days[first:index])),) * 2
        farther = reach_back(dates, first, reach)
        (again,) = compare_days(days[farther : index + 1], index - farther, reach)
        assert again.articles == seen.articles
        assert lower([again.rows]) == lower([seen.rows])
        assert (again.pool == seen.pool).all()


def test_the_pool_is_what_its_days_saw():
    archive = [article(f"a{n}", 1 + n // 2, topic("x", n, n + 8)) for n in range(8)]
    whole = list(compare_days(part_days(archive), 0, 4))
    flat = lower([day.rows for day in whole])
    for index, seen in enumerate(whole):
        assert [seen.pool[i, :i].tolist() for i in range(2 * index)] == flat[: 2 * index]


def test_bulletins_of_different_things_repel_and_of_different_days_do_not_attract():
    words = topic("cases")
    archive = [bulletin("a", 1, "port 1", words), article("r", 1, words), bulletin("b", 2, "port 2", words),
               bulletin("c", 2, "isle 2", words), bulletin("w", 2, "port 2", words, "weather"),
               article("s", 2, words)]  # fmt: skip
    one, two = compare_days(part_days(archive), 0, 4)
    assert one.rows[1, 0] == UNIT
    b, c, w, s = two.rows
    assert b[:2].tolist() == [-UNIT, 0]
    assert c[:3].tolist() == [-UNIT, 0, -UNIT]
    assert w[:4].tolist() == [0, 0, UNIT, UNIT]
    assert s[:5].tolist() == [0, UNIT, UNIT, UNIT, UNIT]

"""From decisions to stories: names that lead on, events, markets, what is related."""

from __future__ import annotations

from digest.grouping.fold import Decision, Join
from digest.grouping.gather import RELATED, gather
from digest.model import Group


def decide(stories, events=None, joins=(), near=(), numbers=None, units=None) -> Decision:
    size = len(stories)
    return Decision(
        stories=tuple(stories),
        events=tuple(events or stories),
        joins=tuple(joins),
        near=tuple(near),
        numbers=tuple(numbers if numbers is not None else stories),
        units=tuple(units or [""] * size),
    )


def told(days, decisions, order=None) -> tuple[Group, ...]:
    pages = [page for day in days for page in day]
    return gather(days, decisions, {page: n for n, page in enumerate(order or pages)})


def test_pages_of_one_number_are_a_story_named_by_its_founder():
    assert told([["b", "a", "c"]], [decide([0, 0, 2], numbers=[0, 1, 2])]) == (
        Group("b", ("b", "a"), (("b", "a"),)),
    )


def test_a_later_days_join_moves_the_pages_of_earlier_days():
    first = decide([0, 1, 0, 1], numbers=[0, 1, 2, 3])
    second = decide([0], numbers=[4], joins=[Join(4, 1, told=False), Join(1, 0, told=True)])
    (group,) = told([["a", "b", "c", "d"], ["e"]], [first, second])
    assert (group.id, group.members, group.former) == ("a", tuple("abcde"), ("b",))


def test_names_follow_through_all_joins_in_the_order_they_went():
    first = decide([0, 1, 2, 3], numbers=[0, 1, 2, 3])
    second = decide([1, 2], numbers=[4, 5], joins=[Join(3, 2, told=True), Join(4, 1, told=False)])
    third = decide([0], numbers=[6], joins=[Join(2, 1, told=True), Join(1, 0, told=True)])
    (group,) = told([["a", "b", "c", "d"], ["e", "f"], ["g"]], [first, second, third])
    assert (group.id, group.former) == ("a", ("d", "c", "b"))


def test_members_and_events_are_ordered_by_moment_and_the_founder_may_be_none_of_the_first():
    decision = decide([0, 0, 0], events=[0, 1, 0], numbers=[0, 1, 2])
    (group,) = told([["a", "b", "c"]], [decision], order=["b", "c", "a"])
    assert (group.id, group.members, group.events) == ("a", ("b", "c", "a"), (("b",), ("c", "a")))


def test_a_page_alone_is_no_story():
    assert told([["a"], ["b"]], [decide([0]), decide([1])]) == ()


def test_market_reports_stand_together_by_their_unit_over_days():
    first = decide([-1, 0, -1], numbers=[-1, 0, -1], units=["gold 1", "", "oil 1"])
    second = decide([-1, 0], numbers=[-1, 1], units=["gold 1", ""])
    assert told([["g", "a", "o"], ["h", "b"]], [first, second]) == (
        Group("a", ("a", "b"), (("a", "b"),)),
        Group("g", ("g", "h"), (("g", "h"),)),
    )


def test_what_has_no_number_and_no_unit_is_in_no_story():
    assert told([["r", "s"]], [decide([-1, -1], numbers=[-1, -1])]) == ()


def test_related_are_the_nearest_by_their_highest_similarity_each_way():
    near = [(0, 2, 100), (0, 4, 300), (2, 4, 50), (0, 6, 200), (0, 8, 150), (0, 10, 120)]
    first = decide([n for n in range(0, 12, 2) for _ in range(2)], numbers=range(12), near=near)
    second = decide([12], near=[(2, 0, 400), (12, 0, 999)])
    groups = {g.id: g for g in told([[*"abcdefghijkl"], ["m"]], [first, second])}
    # c is founder of 2, e of 4, and so on; 12 is no story, being of one page.
    assert groups["a"].related == ("c", "e", "g", "i")
    assert len(groups["a"].related) == RELATED
    assert groups["c"].related == ("a", "e")
    assert groups["k"].related == ("a",)


def test_stories_that_became_one_are_not_related_to_each_other():
    first = decide([0, 0, 2, 2, 4, 4], numbers=range(6), near=[(0, 2, 300), (2, 4, 200)])
    second = decide([0], numbers=[6], joins=[Join(2, 0, told=True), Join(6, 0, told=False)])
    groups = {g.id: g for g in told([[*"abcdef"], ["g"]], [first, second])}
    assert (groups["a"].related, groups["e"].related) == (("e",), ("a",))

"""The fold over days: what joins what, and that nothing decided is ever taken back."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from arrivals import CROWDED, PLAIN, QUICK, archives, article, bulletin, fold_all, market, tell, told, topic
from hypothesis import event, given, settings
from hypothesis import strategies as st

from digest.grouping.days import part_days
from digest.grouping.fold import Settings, State
from digest.grouping.forms import ROUNDUP

FLOOD, VOTE = topic("flood"), topic("vote")
SETTINGS = st.sampled_from((Settings(), QUICK, CROWDED))


# ---- what joins what


def test_reports_that_share_most_of_their_words_are_one_story():
    archive = [
        article("a", 1, FLOOD), article("b", 1, VOTE), article("c", 1, f"{FLOOD} rain"),
        article("d", 2, f"{VOTE} count"), article("e", 2, "kelp reef"),
    ]  # fmt: skip
    assert told(archive) == ["a c", "b d"]


def test_what_shares_few_words_with_each_joins_through_what_they_have_in_common():
    # Alone, the comment is too far from either report; that both are like the same third tells more.
    report, other = article("a", 1, topic("flood", 0, 8)), article("b", 1, topic("flood", 4, 12))
    comment = article("c", 1, topic("flood", 3, 9) + " blame mayor budget dikes")
    assert told([report, comment, other]) == ["a c b"]


def test_a_story_goes_on_as_long_as_the_days_between_are_within_reach():
    archive = [article(f"a{day}", day, FLOOD) for day in (1, 5, 9, 13)]
    assert told(archive) == ["a1 a5 a9 a13"]
    asleep = msgspec.structs.replace(PLAIN, singles=0)
    assert told([article(f"a{day}", day, FLOOD) for day in (1, 5)], asleep) == ["a1 a5"]
    later = [article("a1", 1, FLOOD), article("k", 5, "kelp reef"), article("a6", 6, FLOOD)]
    assert told(later, asleep) == []


def test_a_story_does_not_drift_from_what_it_is_about():
    # Each day's reports share most of their words with those of the days before, and few with the first.
    drift = [article(f"{day:02}{n}", day, topic("flood", day, day + 8)) for day in range(1, 12) for n in "ab"]
    assert len(told(drift)) == 1
    guarded = told(drift, msgspec.structs.replace(PLAIN, guard=0.5))
    assert guarded[0].startswith("01a 01b 02a 02b 03a 03b")
    assert not guarded[0].endswith("11a 11b")


def test_an_event_is_one_day_and_the_next():
    (group,) = tell([article(f"a{day}", day, FLOOD) for day in (1, 2, 4)])
    assert group.members == ("a1", "a2", "a4")
    assert group.events == (("a1", "a2"), ("a4",))


def test_events_ask_for_more_than_stories():
    near = article("b", 1, topic("flood", 7, 15))
    (group,) = tell([article("a", 1, FLOOD), near, article("c", 1, FLOOD)])
    assert group.events == (("a", "c"), ("b",))


def test_round_ups_stand_alone():
    archive = [article("a", 1, FLOOD), article("r", 1, "", ROUNDUP), article("s", 1, "", ROUNDUP)]
    assert told([*archive, article("b", 1, FLOOD)]) == ["a b"]


def test_reports_of_one_market_and_day_are_one_event_and_chain_to_no_other():
    archive = [market("g1", 1, "gold 1"), market("o1", 1, "oil 1"), market("h1", 1, "gold 1"),
               market("g2", 2, "gold 2"), market("h2", 2, "gold 2")]  # fmt: skip
    groups = tell(archive)
    assert [g.members for g in groups] == [("g1", "h1"), ("g2", "h2")]
    assert [g.events for g in groups] == [(("g1", "h1"),), (("g2", "h2"),)]


def test_a_market_report_that_comes_a_day_late_joins_its_own_day():
    archive = [market("g1", 1, "gold 1"), market("h1", 2, "gold 1"), market("g2", 2, "gold 2")]
    assert told(archive) == ["g1 h1"]


def test_bulletins_lead_from_no_day_to_another():
    words = "cases new dead total"
    archive = [bulletin("a", 1, "port 1", words), bulletin("b", 1, "port 1", words),
               bulletin("c", 2, "port 2", words), bulletin("d", 2, "port 2", words)]  # fmt: skip
    assert told(archive) == ["a b", "c d"]
    reports = [article(a.id, a.day, words) for a in archive]
    assert told(reports) == ["a b c d"]


def test_bulletins_of_one_day_on_different_things_are_kept_apart():
    words = "cases new dead total"
    archive = [bulletin("a", 1, "port 1", words), bulletin("b", 1, "isle 1", words),
               bulletin("c", 1, "port 1", words)]  # fmt: skip
    assert told(archive) == ["a c"]
    assert told([*archive, bulletin("w", 1, "port 1", words, kind="weather")]) == ["a c w"]


def test_a_bulletin_may_stand_with_the_reports_of_its_day():
    assert told([article("a", 1, FLOOD), bulletin("b", 1, "port 1", FLOOD)]) == ["a b"]


# ---- sleep


def sleepers(size: int, gap: int, *, words: str = FLOOD) -> list[str]:
    """What becomes of a story of `size` when an article like it comes `gap` days later."""
    return told([*(article(f"a{n}", 1, FLOOD) for n in range(size)), article("z", 1 + gap, words)])


def test_an_article_wakes_a_story_that_slept():
    assert sleepers(3, 30) == ["a0 a1 a2 z"]


def test_one_that_is_not_like_it_does_not():
    assert sleepers(3, 30, words=topic("flood", 7, 16)) == ["a0 a1 a2"]


def test_of_articles_that_stand_alone_the_newest_are_remembered():
    def wakes(between: int) -> bool:
        lone = [article(f"k{n}", 2, topic(f"s{n}")) for n in range(between)]
        return (
            told([article("a", 1, FLOOD), *lone, article("y", 9, "kelp reef"), article("z", 10, FLOOD)]) != []
        )

    assert PLAIN.singles == 2
    assert wakes(1)
    assert not wakes(2)


def test_of_stories_asleep_one_that_was_told_is_taken_up_before_a_nearer_article_alone():
    old = [article(f"a{n}", 1, f"{FLOOD} kelp") for n in range(2)]
    assert told([*old, article("b", 6, topic("flood", 7, 17)), article("z", 20, topic("flood", 4, 14))]) == [
        "a0 a1 z"
    ]


def test_a_story_asleep_too_long_is_forgotten():
    days = PLAIN.sleep
    # A day goes by before it is forgotten, for it is the end of a day that forgets.
    assert sleepers(3, days) == ["a0 a1 a2 z"]
    archive = [*(article(f"a{n}", 1, FLOOD) for n in range(3)), article("k", 1 + days, "kelp reef")]
    assert told([*archive, article("z", 2 + days, FLOOD)]) == ["a0 a1 a2"]
    assert told([*archive[:3], article("k", days, "kelp reef"), article("z", 2 + days, FLOOD)]) == [
        "a0 a1 a2 z"
    ]


def test_the_state_holds_only_what_may_still_change():
    archive = [article(f"p{day}-{n}", day, topic(f"s{day}")) for day in range(1, 200) for n in range(3)]
    state, _ = fold_all(archive)
    assert [past.day for past in state.pool] == [196, 197, 198, 199]
    assert {story.born for story in state.stories} == set(range(125, 200))
    alone = [article(f"p{day}", day, topic(f"s{day}")) for day in range(1, 200)]
    state, _ = fold_all(alone)
    assert {story.born for story in state.stories} == {194, 195, 196, 197, 198, 199}


def test_the_cluster_an_article_founded_wakes_a_story_a_day_later():
    # The first one back says too little to wake the story; with the next one of its day it does.
    first, second = topic("flood", 0, 4) + " a b c d e f", topic("flood", 3, 10) + " a b c d e f"
    old = [article(f"a{n}", 1, FLOOD) for n in range(3)]
    back = [article("y", 30, first), article("z", 30, second)]
    settings = msgspec.structs.replace(PLAIN, wake=0.9, wake_cluster=0.5)
    assert told([*old, *back], settings) == ["a0 a1 a2", "y z"]
    next_day = article("k", 31, "kelp reef")
    assert told([*old, *back, next_day], settings) == ["a0 a1 a2 y z"]
    assert told([*old, *back, msgspec.structs.replace(next_day, day=32)], settings) == ["a0 a1 a2 y z"]
    assert told([*old, *back, msgspec.structs.replace(next_day, day=33)], settings) == ["a0 a1 a2", "y z"]


def test_a_day_without_a_word_wakes_nothing():
    old = [article(f"a{n}", 1, FLOOD) for n in range(3)]
    assert told([*old, market("m", 30, "gold 30"), article("r", 31, "", ROUNDUP)]) == ["a0 a1 a2"]


# ---- names


def test_a_story_has_its_first_articles_name_and_the_younger_goes_into_the_older():
    # Two stories, each told, are joined by a third article: the younger's name leads to the older.
    left, right = topic("flood", 0, 8), topic("flood", 8, 16)
    archive = [
        article(name, 1, words) for name, words in (("q", left), ("b", right), ("c", left), ("d", right))
    ]
    assert [(g.id, g.members) for g in tell(archive)] == [("b", ("b", "d")), ("q", ("q", "c"))]
    bridges = [article(f"e{n}", 1, topic("flood", 2, 14)) for n in range(3)]
    (group,) = tell([*archive, *bridges])
    assert (group.id, group.former) == ("q", ("b",))
    assert set(group.members) == {"q", "b", "c", "d", "e0", "e1", "e2"}


def test_what_was_never_told_leaves_no_name():
    left, right = topic("flood", 0, 8), topic("flood", 8, 16)
    archive = [article("q", 1, left), article("b", 1, right), *(
        article(f"e{n}", 1, topic("flood", 2, 14)) for n in range(3)
    )]  # fmt: skip
    (group,) = tell(archive)
    assert (group.id, group.former) == ("q", ())


@settings(max_examples=40)
@given(archives(), SETTINGS)
def test_every_join_keeps_the_older_number(archive, chosen):
    _, decisions = fold_all(archive, chosen)
    assert all(join.kept < join.gone for decision in decisions for join in decision.joins)


@settings(max_examples=40)
@given(archives(), SETTINGS)
def test_stories_are_parted_into_events_and_hold_no_page_twice(archive, chosen):
    groups = tell(archive, chosen)
    pages = [member for group in groups for member in group.members]
    assert len(pages) == len(set(pages))
    by_id = {a.id: a for a in archive}
    place = {a.id: n for n, a in enumerate(archive)}
    for group in groups:
        members = [by_id[m] for m in group.members]
        assert len(members) > 1
        assert sorted(m for e in group.events for m in e) == sorted(group.members)
        assert [*group.members] == sorted(group.members, key=place.__getitem__)
        assert group.id == group.members[0]
        assert all(m.form.kind != "roundup" for m in members)
        if any(m.form.kind == "market" for m in members):
            assert len({m.unit for m in members}) == 1
            assert group.events == (group.members,)
        assert group.id not in group.related
        assert {*group.related} <= {other.id for other in groups}


# ---- nothing is taken back


@pytest.mark.parametrize("later", [0, 10, 100])
def test_what_comes_later_the_same_day_parts_nobody(later):
    # Where a crowd asks for more likeness, only those who came before are the crowd.
    pair = [article("a", 1, topic("flood", 0, 20)), article("b", 1, topic("flood", 17, 37))]
    crowd = [article(f"k{n}", 1, topic(f"s{n}")) for n in range(later)]
    assert told([*pair, *crowd], CROWDED) == ["a b"]


@settings(max_examples=60)
@given(archives(), SETTINGS, st.data())
def test_an_earlier_build_said_what_the_whole_says_of_that_moment(archive, chosen, data):
    size = data.draw(st.integers(1, len(archive)))
    _, before = fold_all(archive[:size], chosen)
    _, whole = fold_all(archive, chosen)
    assert before[:-1] == whole[: len(before) - 1]
    last, same = before[-1], whole[len(before) - 1]
    assert last.joins == same.joins[: len(last.joins)]
    assert last.events == same.events[: len(last.events)]
    assert last.numbers == same.numbers[: len(last.numbers)]
    assert last.units == same.units[: len(last.units)]


@settings(max_examples=60)
@given(archives(), SETTINGS, st.data())
def test_every_story_ever_told_is_in_one_story_of_the_whole_with_all_its_members(archive, chosen, data):
    whole = tell(archive, chosen)
    leads = [(name, group) for group in whole for name in (group.id, *group.former)]
    holders = dict(leads)
    assert len(holders) == len(leads), "a name leads to two stories"
    size = data.draw(st.integers(1, len(archive)))
    for group in tell(archive[:size], chosen):
        event("a story told before" + (" under a name of old" if holders[group.id].id != group.id else ""))
        assert {*group.members} <= {*holders[group.id].members}
        assert {holders[name].id for name in group.former} <= {holders[group.id].id}


@settings(max_examples=40)
@given(archives(), SETTINGS)
def test_a_name_of_old_is_that_of_a_member(archive, chosen):
    for group in tell(archive, chosen):
        assert {*group.former} < {*group.members}
        assert group.id not in group.former


@settings(max_examples=20)
@given(archives(), SETTINGS)
def test_going_on_from_a_remembered_state_is_going_on(archive, chosen):
    from digest.grouping.days import compare_days
    from digest.grouping.fold import step

    days = part_days(archive)
    _, whole = fold_all(archive, chosen)
    for start in range(len(days)):
        state, _ = fold_all([a for day in days[:start] for a in day], chosen) if start else (State(), [])
        state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=State)
        decisions = []
        for day in compare_days(days, start, chosen.reach):
            state, decision = step(state, day, chosen)
            decisions.append(decision)
        assert decisions == whole[start:]


@pytest.mark.parametrize("others", ["near", "far"])
def test_related_stories_are_the_nearest_that_did_not_join(others):
    words = topic("flood", 9, 19) if others == "near" else VOTE
    groups = tell(
        [article("a", 1, FLOOD), article("b", 1, FLOOD), article("c", 1, words), article("d", 1, words)]
    )
    assert [(g.id, g.related) for g in groups] == (
        [("a", ("c",)), ("c", ("a",))] if others == "near" else [("a", ()), ("c", ())]
    )


def test_the_days_are_those_of_arrival():
    days = part_days([article("a", 1), article("b", 1), article("c", 3)])
    assert [[a.id for a in day] for day in days] == [["a", "b"], ["c"]]
    assert all(one[0].day < other[0].day for one, other in pairwise(days))

"""Why an article is where it is: numbers that are those of the fold."""

from __future__ import annotations

import pytest
from arrivals import PLAIN, article, bulletin, market, tell, topic

from digest.grouping.days import compare_days, part_days, reach_back
from digest.grouping.explain import explain
from digest.grouping.fold import Settings
from digest.grouping.forms import ROUNDUP
from digest.grouping.similarity import UNIT
from digest.grouping.terms import SCALE, weigh_terms

FLOOD, VOTE = topic("flood"), topic("vote")


def why(page, archive, texts=None, stories=None):
    days = part_days(archive)
    dates = [day[0].day for day in days]
    place = next(n for n, day in enumerate(days) if any(a.id == page for a in day))
    seen = []
    for index, day in enumerate(compare_days(days, 0, PLAIN.reach)):
        first = reach_back(dates, index, PLAIN.reach)
        if first <= place <= index:
            seen.append((day, [a for past in days[first : index + 1] for a in past]))
    if stories is None:
        stories = {m: group.id for group in tell(archive, PLAIN) for m in group.members}
    return explain(page, seen, stories, texts or {})


ARCHIVE = [
    article("a", 1, FLOOD), article("v", 1, VOTE), article("b", 2, topic("flood", 2, 12)),
    article("w", 2, f"{VOTE} flood0"), article("c", 4, topic("flood", 1, 11)), article("k", 9, "kelp reef"),
]  # fmt: skip


def test_the_score_is_the_average_likeness_to_its_story_before_and_after_it():
    found = why("b", ARCHIVE)
    assert (found.story, found.threshold, found.note) == ("a", Settings().story, "")
    assert [near.page for near in found.nearest] == ["c", "a"]
    assert found.score == pytest.approx(sum(near.score for near in found.nearest) / 2)
    days = list(compare_days(part_days(ARCHIVE), 0, PLAIN.reach))
    assert {near.page: near.score for near in found.nearest} == {
        "a": int(days[1].rows[0, 0]) / UNIT,
        "c": int(days[2].rows[0, 2]) / UNIT,
    }
    assert [other.story for other in found.others] == ["v"]
    assert 0 < found.others[0].score < 0.39


def test_the_terms_are_those_shared_with_the_nearest_heaviest_first():
    texts = {
        "a": ("渡轮停航", "渡轮公司道歉。"), "b": ("渡轮停航", "居民绕路。"), "c": ("码头裂缝", "渡轮停航。"),
    }  # fmt: skip
    found = why("b", ARCHIVE, texts)
    mine, one, other = (weigh_terms(*texts[page]) for page in "bac")
    expected = {t: mine[t] * (one[t] + other[t]) / (2 * SCALE * SCALE) for t in ("渡轮", "停航")}
    assert {term.text: term.weight for term in found.terms} == pytest.approx(expected)
    assert [t.weight for t in found.terms] == sorted(expected.values(), reverse=True)


def test_an_article_alone_is_told_its_nearest_and_the_stories_it_missed():
    lone = article("x", 2, "flood0 vote0 kelp surf tide foam dune")
    found = why("x", [*ARCHIVE[:4], lone])
    assert (found.story, found.score, found.note) == (None, 0.0, "too far from every story")
    assert [other.story for other in found.others] == ["v", "a"]
    assert found.threshold > found.others[0].score > found.others[1].score > 0
    assert found.nearest[0].page in {"v", "w"}


@pytest.mark.parametrize(
    ("page", "archive", "words"),
    [
        ("k", ARCHIVE, "nothing within reach"),
        ("r", [*ARCHIVE, article("r", 9, "", ROUNDUP)], "round-up"),
        ("m", [*ARCHIVE, market("m", 9, "gold 9")], "market"),
        ("n", [*ARCHIVE, bulletin("n", 9, "port 9", "cases dead")], "own day"),
        ("x", [article("x", 1, FLOOD), article("y", 1, f"{FLOOD} kelp")], ""),
    ],
)
def test_what_the_numbers_do_not_tell_is_said(page, archive, words):
    note = why(page, archive).note
    assert (words in note) if words else note == ""


def test_one_that_woke_a_story_or_was_joined_later_is_told_so():
    old = [article(f"a{n}", 1, FLOOD) for n in range(3)]
    woken = why("z", [*old, article("y", 29, "kelp reef"), article("z", 30, FLOOD)])
    assert (woken.story, woken.score) == ("a0", 0.0)
    assert "slept" in woken.note
    apart = why("w", ARCHIVE, stories={"w": "a", "a": "a", "b": "a"})
    assert 0 < apart.score < apart.threshold
    assert "later joining" in apart.note

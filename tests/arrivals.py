"""Small archives of articles whose terms are given outright, for tests of grouping.

Words mean nothing here: `article("a", 1, "kelp reef")` shares with another what it has in common.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from hashlib import blake2b

import msgspec
from hypothesis import strategies as st

from digest.grouping.article import Article
from digest.grouping.days import compare_days, part_days
from digest.grouping.fold import Decision, Settings, State, step
from digest.grouping.forms import REPORT, Form
from digest.grouping.gather import gather
from digest.grouping.terms import SCALE
from digest.model import Group

PLAIN = Settings(
    reach=4, story=0.39, event=0.62, event_reach=1, wake=0.45, wake_cluster=0.45, cluster_age=2, sleep=75,
    singles=2, caution=0.06, crowd=0.0, wake_crowd=0.0, near=0.15, guard=0.0,
)  # fmt: skip
"""What the tests' examples are made for, however digest is tuned."""

QUICK = msgspec.structs.replace(PLAIN, reach=2, cluster_age=1, sleep=12, singles=3)
"""Settings under which stories fall asleep, wake and are forgotten within a few days."""

CROWDED = msgspec.structs.replace(
    QUICK, story=0.6, wake=0.6, wake_cluster=0.6, crowd=0.05, wake_crowd=0.05, guard=0.3
)
"""Settings under which it matters much how many articles and stories there are."""


def number_of(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "little")


def article(name: str, day: int, words: str = "", form: Form = REPORT, unit: str = "") -> Article:
    """An article with these words, all of one weight; a word that stands twice weighs double."""
    counts: dict[int, int] = {}
    for word in words.split():
        counts[number_of(word)] = counts.get(number_of(word), 0) + 1
    length = math.hypot(*counts.values())
    numbers = sorted(counts)
    weights = [round(counts[n] * SCALE / length) for n in numbers]
    return Article(name, day, form, unit, array("I", numbers).tobytes(), array("h", weights).tobytes())


def bulletin(name: str, day: int, unit: str, words: str, kind: str = "counts") -> Article:
    """A bulletin, which stands together with those of its unit."""
    return article(name, day, words, Form(kind, unit), f"{kind} {unit}")


def market(name: str, day: int, unit: str) -> Article:
    """A market report: it has no words."""
    return article(name, day, "", Form("market", unit), f"market {unit}")


def fold_all(articles: Sequence[Article], settings: Settings = PLAIN) -> tuple[State, list[Decision]]:
    """The fold over all days: the last state, and each day's decision."""
    state, decisions = State(), []
    for day in compare_days(part_days(articles), 0, settings.reach):
        state, decision = step(state, day, settings)
        decisions.append(decision)
    return state, decisions


def tell(articles: Sequence[Article], settings: Settings = PLAIN) -> tuple[Group, ...]:
    """The stories of an archive."""
    _, decisions = fold_all(articles, settings)
    order = {a.id: n for n, a in enumerate(articles)}
    return gather([[a.id for a in day] for day in part_days(articles)], decisions, order)


def told(articles: Sequence[Article], settings: Settings = PLAIN) -> list[str]:
    """The stories' members, each story as one string: `["a b c", "d e"]`."""
    return [" ".join(group.members) for group in tell(articles, settings)]


def topic(name: str, *parts: int) -> str:
    """Words of a topic: of the twenty it has, those from the first number to the second."""
    first, last = parts or (0, 10)
    return " ".join(f"{name}{n}" for n in range(first, last))


@st.composite
def archives(draw: st.DrawFn, largest: int = 24) -> list[Article]:
    """Archives of a few topics over several days, in the order of arrival: articles that take more or less
    from a topic, some from two, bulletins, market reports and round-ups among them."""
    day, made = 0, []
    for number in range(draw(st.integers(1, largest))):
        day += draw(st.sampled_from((0, 0, 0, 1, 1, 2, 3, 5)))
        name = f"p{(number * 7) % 100:02}"  # ids do not tell the order
        kind = draw(st.sampled_from(("one", "one", "one", "one", "two", "counts", "market", "roundup")))
        main = draw(st.sampled_from("xyz"))
        first = draw(st.integers(0, 10))
        words = topic(main, first, first + draw(st.integers(3, 10)))
        if kind == "one":
            made.append(article(name, day, words))
        elif kind == "two":
            second = draw(st.integers(0, 14))
            other = topic(draw(st.sampled_from("xyz")), second, second + draw(st.integers(2, 6)))
            made.append(article(name, day, f"{words} {other}"))
        elif kind == "counts":
            made.append(bulletin(name, day, f"{draw(st.sampled_from(('port', 'isle')))} {day}", words))
        elif kind == "market":
            made.append(market(name, day, f"{draw(st.sampled_from(('gold', 'oil')))} {day}"))
        else:
            made.append(article(name, day, "", Form("roundup")))
    return made

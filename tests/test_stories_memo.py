"""What a build remembers of grouping: a new article reruns its own day and those after it, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from sites import Site
from test_grouping_sites import scrape, stories_of

from digest.build import pipeline
from digest.build.pipeline import read_edition
from digest.build.stories import BEFORE, EVERY, NEWEST
from digest.build.threads import explain_page
from digest.config import load_config
from digest.grouping import copies, fold
from digest.grouping.why import Why
from digest.model import Grouping

MakeSite = Callable[[str], Site]
FIRST = date(2023, 11, 10).toordinal()


class Counts:
    """Which days were stepped, and how many stories were searched for copies, since last asked."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._searched = 0

    def take(self) -> tuple[list[int], int]:
        """The days, the first one of all counted as 0, and the number of stories."""
        taken = ([day - FIRST for day in self._days], self._searched)
        self._days, self._searched = [], 0
        return taken


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counts]:
    counted = Counts()
    step, find = fold.step, copies.find_copies

    def counting_step(state, day, settings):
        counted._days.append(day.articles[0].day)
        return step(state, day, settings)

    def counting_find(groups, texts):
        groups = list(groups)
        counted._searched += len(groups)
        return find(groups, texts)

    monkeypatch.setattr(fold, "step", counting_step)
    monkeypatch.setattr(copies, "find_copies", counting_find)
    return counted


def report(number: int, day: int, subject: str = "渡轮停航") -> tuple[str, str]:
    """An article on a day; those of one subject are alike."""
    return scrape("voa", number, subject, f"{subject}。" * 3, 24 * day + number % 7)


def newspaper(site: Site, days: int) -> Site:
    """Two reports a day: one on the ferry, and one on another thing each day."""
    things = ("法官辞职", "苹果丰收", "钢琴比赛", "油轮起火", "医院扩建", "狼群下山", "棋手夺冠", "水库放水")
    for day in range(days):
        for path, text in (report(2 * day, day), report(2 * day + 1, day, things[day % 8])):
            site.write(path, text)
    return site


def add(site: Site, number: int, day: int, subject: str = "渡轮停航") -> None:
    site.write(*report(number, day, subject))


def grouping_of(site: Site) -> Grouping:
    with read_edition(load_config(site.root), workers=1) as (edition, _):
        return edition.grouping


def clean(site: Site) -> Grouping:
    """What a build without memory finds."""
    with read_edition(load_config(site.root), workers=1) as (edition, store):
        assert edition.grouping
        store.clear()
    return grouping_of(site)


def same_as_clean(site: Site) -> bool:
    remembered = grouping_of(site)
    return remembered == clean(site)


def test_a_second_build_steps_no_day(make_site: MakeSite, counts: Counts) -> None:
    site = newspaper(make_site(""), 5)
    site.build()
    assert counts.take()[0] == [0, 1, 2, 3, 4]
    site.write("site.toml", "title = '别的名字'\n")
    site.build()
    assert counts.take() == ([], 0)


def test_an_article_of_the_newest_day_steps_that_day(make_site: MakeSite, counts: Counts) -> None:
    site = newspaper(make_site(""), 8)
    site.build()
    counts.take()
    add(site, 90, 7)
    site.build()
    assert counts.take()[0] == [7]
    add(site, 91, 8)
    site.build()
    assert counts.take()[0] == [8]
    assert same_as_clean(site)


def test_an_article_of_an_older_day_steps_that_one_and_those_after(
    make_site: MakeSite, counts: Counts
) -> None:
    site = newspaper(make_site(""), 8)
    site.build()
    counts.take()
    add(site, 90, 5)
    site.build()
    assert counts.take()[0] == [5, 6, 7]
    site.remove("content/voa/90.md")
    site.build()
    assert counts.take()[0] == [5, 6, 7]
    assert same_as_clean(site)


def test_states_are_kept_for_the_newest_days_and_one_in_some(make_site: MakeSite, counts: Counts) -> None:
    days = 2 * EVERY + 3
    site = newspaper(make_site(""), days)
    site.build()
    counts.take()
    add(site, 900, days - NEWEST)
    site.build()
    assert counts.take()[0] == list(range(days - NEWEST, days))
    # Further back the fold goes on from the last state that was kept.
    add(site, 901, EVERY + 2)
    site.build()
    assert counts.take()[0] == list(range(EVERY, days))
    add(site, 902, 3)
    site.build()
    assert counts.take()[0] == list(range(days))
    with read_edition(load_config(site.root), workers=1) as (_, store):
        assert len(store.memo("day")) == days
        # Days 15 and 31 are among the newest and one in some; the newest five are kept.
        assert len(store.memo_keys("state")) == NEWEST + 1 + days // EVERY - 1
    assert same_as_clean(site)


def test_the_days_sent_along_cover_what_the_fold_reaches_back() -> None:
    assert 2 * fold.Settings().reach <= BEFORE


def test_stories_do_not_depend_on_the_number_of_workers(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = newspaper(make_site(""), 12)
    alone = site.build(), grouping_of(site), site.tree()
    monkeypatch.setattr(pipeline, "FEW", 1)
    shared = site.build(workers=2, clean=True)
    assert shared.threads == alone[0].threads > 0
    assert site.tree() == alone[2]
    add(site, 90, 11)
    with read_edition(load_config(site.root), workers=2) as (edition, _):
        assert edition.grouping == clean(site) != alone[1]


def test_only_stories_that_changed_are_searched_for_copies(make_site: MakeSite, counts: Counts) -> None:
    site = newspaper(make_site(""), 4)
    for number, day in ((50, 0), (51, 0), (52, 1)):
        add(site, number, day, "吊桥塌落山城矿工被困")
    site.build()
    assert len(stories_of(site)) > 1
    assert counts.take()[1] == len(stories_of(site))
    counts.take()
    add(site, 60, 3)
    site.build()
    assert counts.take() == ([3], 1)
    assert same_as_clean(site)


def test_a_file_changed_in_its_text_alone_is_grouped_anew(make_site: MakeSite, counts: Counts) -> None:
    site = newspaper(make_site(""), 3)
    for number in (50, 51):
        add(site, number, 2, "吊桥塌落山城矿工被困")
    before = stories_of(site)
    counts.take()
    assert ["voa/50", "voa/51"] in before
    add(site, 51, 2, "总督辞职")
    after = stories_of(site)
    assert counts.take()[0] == [2]
    assert ["voa/50", "voa/51"] not in after
    assert same_as_clean(site)


def test_a_later_version_that_moves_a_page_in_time_changes_what_is_a_copy(make_site: MakeSite) -> None:
    # The version fetched first decides where an article stands in the fold; the time of publication is
    # the least of all versions.
    text = "渡轮停航三天，居民绕路过桥。船底的裂缝两个月前就有人报告，公司没有理会。" * 4
    site = make_site("")

    def write(name: str, number: int, published: str, fetched: int) -> None:
        stamp = int(datetime.fromisoformat(f"{published}+00:00").timestamp()) * 1000
        site.write(
            f"content/{name}.md",
            f"---\ntitle: 海港渡轮停航\ndate: 2023-11-{fetched:02}T12:00:00.500Z\n---\n<!--{stamp}-->\n"
            f"[海港渡轮停航](https://www.voachinese.com/a/{5000 + number}.html)\n------\n\n<p>{text}</p>\n",
        )

    write("a", 1, "2023-11-10T01:00", 10)
    write("b", 2, "2023-11-10T02:00", 10)
    assert grouping_of(site).copies == {"voa-5002": "voa-5001"}
    # Weeks apart, a text printed again is news again.
    write("a2", 1, "2023-10-01T01:00", 11)
    assert grouping_of(site).copies == {}
    assert same_as_clean(site)


def test_why_tells_what_the_fold_saw_hidden_articles_too(make_site: MakeSite) -> None:
    site = newspaper(make_site(""), 3)

    def why() -> Why:
        config = load_config(site.root)
        with read_edition(config, workers=1) as (edition, store):
            return explain_page(config, edition, store, "voa-5000")

    before = why()
    assert "voa-5002" in {near.page for near in before.nearest}
    site.write("content/corrections.toml", '[[article]]\nurl = "voa-5002"\nhide = true\n')
    assert why() == before


def test_an_article_of_the_last_day_there_is_stops_no_build(make_site: MakeSite) -> None:
    site = newspaper(make_site(""), 2)
    text = "---\ntitle: 渡轮停航\ndate: 9999-12-31T23:59:00.500Z\n---\n<!--253402300740000-->\n"
    site.write(
        "content/z.md", text + "[渡轮停航](https://www.voachinese.com/a/9.html)\n------\n\n<p>船</p>\n"
    )
    assert site.build().pages == 5


def test_verify_finds_no_fault_in_remembered_sketches(make_site: MakeSite) -> None:
    site = newspaper(make_site(""), 3)
    site.build()
    assert site.build(verify=True).mismatches == ()
    add(site, 90, 2)
    assert site.build(verify=True).mismatches == ()


def test_without_automatic_threads_nothing_is_grouped_or_sketched(
    make_site: MakeSite, counts: Counts
) -> None:
    site = newspaper(make_site("-- site.toml --\n[threads]\nautomatic = false\n"), 4)
    assert site.build().threads == 0
    assert counts.take() == ([], 0)
    with read_edition(load_config(site.root), workers=1) as (edition, store):
        keys = edition.readings.keys.values()
        assert {*store.sketches(keys).values()} == {b""}
        assert edition.grouping == Grouping()
        assert store.memo("day") == {}
    # The editor's own stories are there all the same.
    site.write("content/threads/ferry.md", "---\ntitle: 停航\nwords: [[渡轮]]\n---\n")
    assert site.build().threads == 1
    # Switched on again, the articles are read once more, for their sketches.
    site.write("site.toml", "[threads]\nautomatic = true\n")
    on = site.build()
    assert (on.loaded, counts.take()[0]) == (8, [0, 1, 2, 3])
    site.remove("content/threads/ferry.md")
    assert site.build().threads > 0

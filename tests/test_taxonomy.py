"""From versions to the edition: pages, times, corrections, lists, local links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from editions import START, config_in, scrape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.config import SiteConfig
from digest.model import (
    Correction,
    Curated,
    CuratorPage,
    Digest,
    Edition,
    Group,
    Grouping,
    Link,
    Page,
    ThreadFile,
    Version,
)
from digest.taxonomy import assemble
from digest.taxonomy.clock import find_now

Assembler = Callable[..., Digest]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> SiteConfig:
    return config_in(tmp_path_factory.mktemp("site"))


@pytest.fixture
def assembled(config: SiteConfig) -> Assembler:
    def run(*versions: Version, now: datetime | None = None, **curated: object) -> Digest:
        return assemble(versions, Curated(**curated), config, {"plain": "文"}.__getitem__, now=now)

    return run


def _pages(digest: Digest) -> dict[str, Page]:
    return {page.id: page for page in digest.pages}


def test_an_empty_edition(assembled: Assembler) -> None:
    digest = assembled()
    assert (digest.pages, digest.days, digest.problems, digest.now) == ((), {}, (), None)


def test_a_page_shows_its_newest_version_under_the_day_of_its_first(assembled: Assembler) -> None:
    first = scrape(1, title="初稿", published=START + timedelta(hours=1), fetched=START + timedelta(hours=2))
    last = scrape(1, title="定稿", path="rfi/1b.md", published=START, fetched=START + timedelta(hours=40))
    page = assembled(last, first).pages[0]
    assert page.versions == (first, last)
    assert (page.id, page.url) == ("rfi-1", "/2023/11/01/rfi-1.html")
    assert (page.title, page.published, page.moment) == ("定稿", START, START)


def test_the_day_is_that_of_the_sites_zone(assembled: Assembler) -> None:
    digest = assembled(scrape(1, moment=datetime(2023, 11, 1, 16, 0, tzinfo=UTC)))
    assert digest.pages[0].day == "2023-11-02"
    assert digest.days == {"2023-11-02": ("rfi-1",)}


def test_pages_are_listed_under_the_day_they_were_published(assembled: Assembler) -> None:
    digest = assembled(scrape(1, published=START, fetched=START + timedelta(days=1)))
    assert digest.pages[0].day == "2023-11-02"
    assert digest.days == {"2023-11-01": ("rfi-1",)}


def test_a_day_without_a_time_gives_way_to_a_time(assembled: Assembler) -> None:
    day = scrape(1, published=START - timedelta(hours=8), day_only=True)
    time = scrape(1, path="rfi/1b.md", published=START)
    assert (assembled(day, time).pages[0].published, assembled(day, time).pages[0].day_only) == (START, False)
    assert assembled(day).pages[0].day_only


def test_undated_pages_are_listed_first_and_apart(assembled: Assembler) -> None:
    digest = assembled(scrape(1), scrape(2, published=None, fetched=None))
    assert [p.id for p in digest.pages] == ["rfi-2", "rfi-1"]
    assert digest.undated == ("rfi-2",)
    assert _pages(digest)["rfi-2"].url == "/undated/rfi-2.html"


def test_ids_that_meet_are_told_apart_and_the_first_keeps_its_own(assembled: Assembler) -> None:
    ids = [p.id for p in assembled(scrape(1, key="key:ABC"), scrape(2, key="key:abc")).pages]
    assert ids[0] == "rfi-abc"
    assert ids[1].startswith("rfi-abc-")
    assert len(set(ids)) == 2


def test_a_date_in_the_future_is_a_problem_and_ranks_by_fetching(assembled: Assembler) -> None:
    digest = assembled(scrape(1), scrape(2, published=datetime(2099, 1, 1, tzinfo=UTC)), scrape(3))
    page = _pages(digest)["rfi-2"]
    assert [p.code for p in page.problems] == ["date-future"]
    assert page.moment == START + timedelta(hours=2)
    assert [p.id for p in digest.pages] == ["rfi-1", "rfi-2", "rfi-3"]


def test_a_page_whose_every_time_lies_in_the_future_is_undated_not_lost(assembled: Assembler) -> None:
    far = datetime(2099, 1, 1, tzinfo=UTC)
    digest = assembled(scrape(1), scrape(2), scrape(3, moment=far), scrape(4))
    assert digest.undated == ("rfi-3",)
    assert digest.now == START + timedelta(hours=4)
    assert digest.days == {"2023-11-01": ("rfi-1", "rfi-2", "rfi-4")}


def test_now_may_be_given(assembled: Assembler) -> None:
    digest = assembled(scrape(1), now=START - timedelta(days=3))
    assert (digest.now, digest.undated) == (START - timedelta(days=3), ("rfi-1",))


def _times(*days: int) -> list[Version]:
    return [scrape(n, moment=START + timedelta(days=day)) for n, day in enumerate(days)]


@pytest.mark.parametrize(
    ("days", "now"),
    [
        ((0,), 0),
        ((0, 18_000), 18_000),  # one against one: nobody can tell
        ((0, 1, 18_000), 1),
        ((0, 400, 900), 900),
        ((0, *range(2, 60), 1_200, 1_210), 1_210),  # an archive that rests for years and goes on
        ((*range(60), 18_000, 18_001), 59),
        ((*range(60), *range(18_000, 18_007)), 18_006),  # too many to be a slip
        ((-20_000, -9_000, 0, 3_000), 3_000),
    ],
)
def test_now_is_the_newest_time_that_can_be_believed(days: tuple[int, ...], now: int) -> None:
    assert find_now(_times(*days)) == START + timedelta(days=now)


def test_a_time_in_2099_is_never_now(assembled: Assembler) -> None:
    wrong = datetime(2099, 1, 1, tzinfo=UTC)
    alone = assembled(scrape(1, published=wrong, fetched=wrong))
    pair = assembled(scrape(1), scrape(2, published=wrong, fetched=wrong))
    for digest in (alone, pair):
        assert len(digest.undated) == 1
        assert [p.code for page in digest.pages for p in page.problems] == ["date-future"]


def test_tags_are_folded_and_outlets_names_are_none(assembled: Assembler) -> None:
    digest = assembled(
        scrape(1, tags=("G20", "法广", " 经济 ", "RFI")),
        scrape(2, tags=("g20", "Ｇ20", "经济", "climate change")),
        scrape(3, tags=("G20", "經濟", "Climate-Change", "climate change", "")),
    )
    assert digest.tags == {
        "G20": ("rfi-1", "rfi-2", "rfi-3"),
        "climate change": ("rfi-2", "rfi-3"),
        "经济": ("rfi-1", "rfi-2"),
        "經濟": ("rfi-3",),
    }
    assert _pages(digest)["rfi-2"].tags == ("G20", "经济", "climate change")


def test_listings_by_source_and_topic(assembled: Assembler) -> None:
    digest = assembled(scrape(2, topics=("us",)), scrape(1, source="voa", topics=("china", "us")))
    assert digest.sources == {"rfi": ("rfi-2",), "voa": ("voa-1",)}
    assert digest.topics == {"china": ("voa-1",), "us": ("voa-1", "rfi-2")}


def test_links_in_any_variant_lead_to_the_local_page(assembled: Assembler) -> None:
    links = (
        "https://www.dw.com/zh/旧名/a-77",
        "https://www.cna.com.tw/news/firstnews/202311010001.aspx",
        "https://www.voachinese.com/a/5.html",
        "http://www.rfi.fr//cn/%e4%b8%ad/a",
        "https://blog.example.org/post/",
        "https://elsewhere.example/x",
        "https://www.dw.com/zh/没有/a-78",
    )
    digest = assembled(
        scrape(1, links=links[:5], related=tuple(Link(u) for u in links[5:])),
        scrape(2, source="dw", key="key:77", link="https://www.dw.com/zh/%E6%96%B0/a-77"),
        scrape(
            3, source="cna", key="key:202311010001", link="https://www.cna.com.tw/news/acn/202311010001.aspx"
        ),
        scrape(4, source="voa", key="key:5", link="https://www.voachinese.com/a/slug/5.html"),
        scrape(5, key="key:/cn/中/a", link="https://www.rfi.fr/cn/%E4%B8%AD/a"),
        # Filed under another outlet than its address tells.
        scrape(6, source="voa", key="url:blog.example.org/post", link="http://www.blog.example.org/post"),
    )
    by_path = {p.newest.path: p.id for p in digest.pages}
    expected = [by_path[f"rfi/{n}.md"] for n in range(2, 7)]
    assert digest.local == dict(zip(links[:5], expected, strict=True))


def test_an_article_that_links_to_itself_alone_is_not_listed(assembled: Assembler) -> None:
    own = scrape(1, key="key:/cn/a", link="https://www.rfi.fr/cn/a", links=("https://www.rfi.fr/cn/a",))
    assert assembled(own).local == {}
    other = scrape(2, links=("https://www.rfi.fr/cn/a",))
    assert list(assembled(own, other).local) == ["https://www.rfi.fr/cn/a"]


def test_links_in_the_curators_texts_are_found_too(assembled: Assembler) -> None:
    html = '<p><a href="rfi-1">一</a> <a class="x" href="https://www.example.com/1?a=1&amp;utm_source=b">二</a></p>'
    digest = assembled(
        scrape(1, link="https://www.example.com/1?a=1"),
        pages=(CuratorPage("pages/a.md", "a", "A", html, "zh-Hans"),),
        editions=(
            Edition("editions/2023-11-01.md", "2023-11-01", "", '<a href="/2023/11/01/rfi-1.html">三</a>'),
        ),
        threads=(ThreadFile("threads/t.md", "t", "T", '<a href="gone-1">四</a>', include=("rfi-1",)),),
    )
    assert set(digest.local.values()) == {"rfi-1"}
    assert set(digest.local) == {
        "rfi-1",
        "https://www.example.com/1?a=1&utm_source=b",
        "/2023/11/01/rfi-1.html",
    }


def _correction(url: str = "rfi-1", **fields: object) -> Correction:
    return Correction(**{"url": url, "line": 3, "path": "corrections.toml", **fields})


def test_corrections_mend_and_leave_the_address(assembled: Assembler) -> None:
    digest = assembled(
        scrape(1, link="https://www.rfi.fr/cn/a"),
        scrape(2, moment=START + timedelta(days=9)),
        scrape(3),
        corrections=(
            _correction("http://rfi.fr//cn/a", title="新题", authors=("张三",)),
            _correction("/2023/11/01/rfi-1.html", published=datetime(2023, 11, 5, 1, 0), source="美国之音"),  # noqa: DTZ001
        ),
    )
    page = _pages(digest)["rfi-1"]
    assert (page.title, page.authors, page.source, page.url) == (
        "新题",
        ("张三",),
        "voa",
        "/2023/11/01/rfi-1.html",
    )
    assert page.published == page.moment == datetime(2023, 11, 4, 17, 0, tzinfo=UTC)
    assert digest.sources["voa"] == ("rfi-1",)
    assert list(digest.days) == ["2023-11-01", "2023-11-05", "2023-11-10"]
    assert [p.id for p in digest.pages] == ["rfi-3", "rfi-1", "rfi-2"]
    assert digest.problems == ()


def test_a_date_given_to_an_undated_page_gives_it_its_day(assembled: Assembler) -> None:
    when = datetime(2023, 11, 1, 1, 0, tzinfo=UTC)
    digest = assembled(
        scrape(1, published=None, fetched=None),
        scrape(2),
        corrections=(_correction(published=when, day_only=True),),
    )
    page = _pages(digest)["rfi-1"]
    assert (page.day, page.url, page.day_only) == ("2023-11-01", "/2023/11/01/rfi-1.html", True)
    assert digest.undated == ()


def test_hidden_pages_vanish_everywhere(assembled: Assembler) -> None:
    digest = assembled(
        scrape(1, tags=("甲",), topics=("us",), link="https://www.rfi.fr/cn/a"),
        scrape(1, path="rfi/1b.md"),
        scrape(2, links=("https://www.rfi.fr/cn/a",)),
        corrections=(_correction(hide=True),),
        threads=(
            ThreadFile(
                "threads/t.md", "t", "T", "", include=("rfi-1", "rfi-2"), lines=(("include:rfi-1", 5),)
            ),
        ),
    )
    assert (digest.hidden, digest.hidden_paths) == (("rfi-1",), ("rfi/1.md", "rfi/1b.md"))
    rest = msgspec.structs.replace(digest, hidden=(), hidden_paths=(), problems=())
    assert b"rfi-1" not in msgspec.json.encode(rest)
    assert [(p.code, p.line) for p in digest.problems] == [("reference-dead", 5)]


def test_a_url_under_two_outlets_is_two_pages_and_an_id_hides_one(assembled: Assembler) -> None:
    url = "https://www.rfi.fr/cn/a"
    right, wrong = (
        scrape(1, key="key:/cn/a", link=url),
        scrape(2, source="bbc", key="url:www.rfi.fr/cn/a", link=url),
    )
    both = assembled(right, wrong)
    assert len(both.pages) == 2
    assert assembled(right, wrong, corrections=(_correction(url, hide=True),)).pages == ()
    twin = next(p.id for p in both.pages if p.source == "bbc")
    assert [p.source for p in assembled(right, wrong, corrections=(_correction(twin, hide=True),)).pages] == [
        "rfi"
    ]


def test_a_correction_that_hits_nothing_or_says_what_cannot_be_is_a_problem(assembled: Assembler) -> None:
    digest = assembled(
        scrape(1),
        corrections=(
            _correction("https://www.rfi.fr/cn/none", title="x"),
            _correction(source="vao"),
            _correction(published=datetime(2099, 1, 1, tzinfo=UTC)),
        ),
    )
    assert [(p.code, p.line) for p in digest.problems] == [
        ("correction-unknown", 3),
        ("source-unknown", 3),
        ("date-future", 3),
    ]
    assert digest.pages[0].source == "rfi"
    assert digest.pages[0].moment == START + timedelta(hours=1)


_TITLES = ("台风登陆", "央行降准", "拜登会晤习近平")
_SCRAPES = st.lists(
    st.builds(
        lambda number, key, source, hour, published, tag, link: scrape(
            number,
            key=f"key:{key}",
            source=source,
            title=_TITLES[number % 3],
            body=f"b{number % 5}",
            size=100,
            fetched=START + timedelta(hours=hour) if hour else None,
            published=START + timedelta(days=published) if published else None,
            tags=(tag,),
            links=(f"https://www.example.com/{link}",),
            topics=("us",) if hour % 2 else (),
        ),
        st.integers(0, 999),
        st.sampled_from("aAb1"),
        st.sampled_from(("rfi", "voa", "www-example-com")),
        st.integers(0, 50),
        st.sampled_from((0, 1, 2, 30_000)),
        st.sampled_from(("G20", "g20", "法广", "a b", "a_b")),
        st.integers(0, 999),
    ),
    max_size=14,
    unique_by=lambda version: version.path,
)
_CURATED = Curated(
    threads=(ThreadFile("threads/t.md", "t", "T", "", words=(("习近平",),), include=("rfi-b",)),),
    corrections=(
        Correction("rfi-a", title="新题"),
        Correction("voa-b", hide=True),
        Correction("rfi-1", source="BBC"),
    ),
)


def _by_title(pages: Sequence[Page]) -> Callable[[], Grouping]:
    stories: dict[str, list[str]] = {}
    for page in pages:
        stories.setdefault(page.title, []).append(page.id)
    told = [tuple(ids) for ids in stories.values() if len(ids) > 1]
    return lambda: Grouping(tuple(Group(ids[0], ids, (ids[:1], ids[1:])) for ids in told))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(_SCRAPES, st.randoms(use_true_random=False))
def test_the_edition_does_not_depend_on_order_and_loses_nothing(
    config: SiteConfig, versions: Sequence[Version], random: object
) -> None:
    def text_of(body: str) -> str:
        return (body + "之文，彼此全不相同。") * 12

    shuffled = list(versions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    digest = assemble(versions, _CURATED, config, text_of, group=_by_title)
    again = assemble(shuffled, _CURATED, config, text_of, group=_by_title)
    assert msgspec.msgpack.encode(digest) == msgspec.msgpack.encode(again)
    shown = [v.path for p in digest.pages for v in p.versions]
    assert sorted([*shown, *digest.hidden_paths]) == sorted(v.path for v in versions)
    ids = [p.id for p in digest.pages]
    assert len({*ids, *digest.hidden}) == len(ids) + len(digest.hidden)
    assert len({p.url for p in digest.pages}) == len(ids)
    listed = [i for day in digest.days.values() for i in day]
    assert sorted([*listed, *digest.undated]) == sorted(ids)
    assert sorted(i for source in digest.sources.values() for i in source) == sorted(ids)

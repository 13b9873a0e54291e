"""Which scrapes are versions of one article, and when a key carries another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from editions import START, scrape
from hypothesis import given
from hypothesis import strategies as st

from digest.taxonomy.versions import Group, group_versions

LONG_A = (
    "台风在周二夜间登陆，沿海三个县停课一天，铁路部门取消了四十多趟列车。气象部门预计"
    "风雨周四减弱，渔船已经全部回港。抢修队在凌晨恢复了大部分供电，学校周三照常开课。"
)
LONG_B = (
    "央行宣布下调准备金率半个百分点，释放长期资金约一万亿元。分析人士说，此举意在支持"
    "小企业贷款；股市午后转涨，债券收益率走低。下一次议息会议定在下月中旬举行。"
)
TEXTS = {
    "a": LONG_A,
    "a2": LONG_A.replace("四十多", "五十多") + "各地没有人员伤亡的报告。",
    "b": LONG_B,
    "stub": "快讯：央行降准。",
    "sequel": LONG_A[:30] + LONG_B,
}


def _version(number: int, body: str, title: str, **fields: object):
    given_fields = {"key": "key:1", "path": f"x/{number}.md", "body": body, "size": len(TEXTS[body])}
    return scrape(number, title=title, **{**given_fields, **fields})


def _groups(*versions) -> list[Group]:
    return group_versions(versions, TEXTS.__getitem__)[0]


def test_scrapes_of_one_key_are_one_article_oldest_first():
    newer, older = _version(5, "a2", "台风登陆"), _version(1, "a", "台风夜间登陆")
    assert _groups(newer, older) == [Group("rfi", "key:1", 1, (older, newer))]


def test_identical_scrapes_are_all_kept():
    versions = [_version(n, "a", "台风登陆") for n in range(3)]
    assert _groups(*versions)[0].versions == tuple(versions)


def test_versions_fetched_at_one_time_are_ordered_by_publication_then_path():
    late = _version(1, "a", "一", published=START + timedelta(hours=3), fetched=START, path="x/a.md")
    early = _version(1, "a", "一", published=START, fetched=START, path="x/b.md")
    twin = _version(1, "a", "一", published=START, fetched=START, path="x/c.md")
    assert _groups(late, twin, early)[0].versions == (early, twin, late)


def test_another_outlet_with_the_same_key_is_another_article():
    assert len(_groups(_version(1, "a", "一"), _version(2, "a", "一", source="voa"))) == 2


def test_a_key_reused_for_another_text_makes_another_article_and_a_problem():
    first, second, third = (
        _version(1, "a", "台风登陆"),
        _version(2, "b", "央行降准"),
        _version(3, "b", "央行降准半点"),
    )
    groups, problems = group_versions((third, second, first), TEXTS.__getitem__)
    assert [(g.serial, g.versions) for g in groups] == [(1, (first,)), (2, (second, third))]
    assert [(p.code, p.path) for p in problems] == [("key-reused", second.path)]
    assert first.path in problems[0].message


def test_a_key_that_turns_back_finds_its_first_article():
    versions = _version(1, "a", "台风登陆"), _version(2, "b", "央行降准"), _version(3, "a2", "风雨减弱")
    assert [g.versions for g in _groups(*versions)] == [(versions[0], versions[2]), (versions[1],)]


def test_a_stub_that_grows_a_shared_title_and_another_script_stay_one_article():
    assert len(_groups(_version(1, "stub", "快讯"), _version(2, "a", "台风登陆"))) == 1
    assert len(_groups(_version(1, "a", "滚动更新：今日要闻"), _version(2, "b", "今日要闻滚动"))) == 1
    assert len(_groups(_version(1, "a", "台风登陆"), _version(2, "b", "央行降准", lang="zh-Hant"))) == 1


def test_a_text_dated_days_later_must_share_more_to_be_a_version():
    first = _version(1, "a", "台风登陆沿海")
    update = _version(2, "sequel", "台风之后央行降准", published=START + timedelta(hours=6))
    sequel = _version(3, "sequel", "台风之后央行降准", published=START + timedelta(days=4))
    assert len(_groups(first, update)) == 1
    assert len(_groups(first, sequel)) == 2
    assert len(_groups(first, _version(4, "a2", "台风过去", published=START + timedelta(days=4)))) == 1


def test_texts_are_asked_for_only_where_bodies_and_titles_differ():
    asked: list[str] = []

    def text_of(body: str) -> str:
        asked.append(body)
        return TEXTS[body]

    group_versions(
        [_version(1, "a", "台风登陆"), _version(2, "a", "央行"), _version(3, "a2", "央行")], text_of
    )
    assert asked == []
    group_versions([_version(1, "a", "台风登陆"), _version(2, "b", "央行降准")], text_of)
    assert sorted(asked) == ["a", "b"]


_VERSIONS = st.lists(
    st.builds(
        lambda key, body, hour, number: _version(
            number,
            body,
            {"a": "台风登陆", "a2": "风雨减弱", "b": "央行降准", "stub": "快讯", "sequel": "风雨之后"}[body],
            key=f"key:{key}",
            fetched=datetime(2023, 11, 1, hour, tzinfo=UTC) if hour else None,
        ),
        st.integers(0, 2),
        st.sampled_from(sorted(TEXTS)),
        st.integers(0, 4),
        st.integers(0, 10_000),
    ),
    max_size=12,
    unique_by=lambda v: v.path,
)


@given(_VERSIONS, st.randoms(use_true_random=False))
def test_no_version_is_lost_and_order_does_not_matter(versions, random):
    shuffled = list(versions)
    random.shuffle(shuffled)
    groups, problems = group_versions(versions, TEXTS.__getitem__)
    assert (groups, problems) == group_versions(shuffled, TEXTS.__getitem__)
    assert sorted(v.path for g in groups for v in g.versions) == sorted(v.path for v in versions)
    assert len(problems) == sum(g.serial > 1 for g in groups)

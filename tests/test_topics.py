"""Topics by words, sections and addresses; and the default vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from editions import scrape

from digest.config import TopicRule, load_config
from digest.taxonomy import TopicRules, classify

RULES = TopicRules(
    (
        TopicRule(slug="asia", name="亚太", words=("韩国", "-韩国瑜", "南韩", "APEC"), sections=("亚洲",)),
        TopicRule(
            slug="health",
            name="健康",
            words=("病毒", "冠状病毒", "疫苗", "WHO"),
            urls=(r"/health/", r"/健康/"),
        ),
        TopicRule(slug="cna-life", name="生活", sections=("cna:life",)),
    )
)


def _topics(title: str, text: str = "", **fields: object) -> tuple[str, ...]:
    return classify(scrape(1, title=title, **fields), text, RULES)


def test_one_word_in_the_title_is_enough():
    assert _topics("韩国新增疫苗中心") == ("asia", "health")


def test_the_opening_needs_two_mentions_and_a_longer_word_counts_once():
    assert _topics("要闻", "首尔报道，韩国政府周一表态。") == ()
    assert _topics("要闻", "韩国政府周一表态，韩国国会休会。") == ("asia",)
    assert _topics("要闻", "新型冠状病毒引起的疾病。") == ()


def test_only_the_opening_and_the_lead_count():
    assert _topics("要闻", "无关的话。" * 60 + "韩国韩国韩国") == ()
    assert _topics("要闻", "正文", lead="韩国与南韩是一国的两个译名。") == ("asia",)


def test_a_dateline_in_brackets_does_not_count():
    assert _topics("要闻", "（韩国韩国南韩通讯社首尔三日电）周一晴。") == ()


def test_a_masked_phrase_does_not_count():
    assert _topics("韩国瑜参选") == ()
    assert _topics("韩国瑜访韩国") == ("asia",)


def test_latin_words_end_at_their_edges_and_case_does_not_matter():
    assert _topics("apec峰会") == ("asia",)
    assert _topics("The whole story, whoever wrote it") == ()


def test_sections_and_addresses():
    assert _topics("要闻", sections=("亚洲",)) == ("asia",)
    assert _topics("要闻", sections=("life",), source="cna") == ("cna-life",)
    assert _topics("要闻", sections=("life",), source="rfi") == ()
    assert _topics("要闻", link="https://example.org/health/1") == ("health",)
    assert _topics("要闻", link="https://example.org/%E5%81%A5%E5%BA%B7/1") == ("health",)


def test_no_vocabulary_no_topics():
    assert classify(scrape(1, title="韩国"), "韩国韩国", TopicRules(())) == ()


@pytest.fixture(scope="module")
def defaults(tmp_path_factory: pytest.TempPathFactory) -> tuple[TopicRule, ...]:
    folder: Path = tmp_path_factory.mktemp("site")
    (folder / "content").mkdir()
    return load_config(folder).topics


def test_the_default_vocabulary_is_sound(defaults):
    assert 12 <= len(defaults) <= 18
    for rule in defaults:
        assert rule.name
        assert len(rule.words) > 20
        assert len(set(rule.words)) == len(rule.words), rule.slug
        assert all(len(w.lstrip("-")) > 1 and w == w.strip() for w in rule.words), rule.slug
        for mask in (w[1:] for w in rule.words if w.startswith("-")):
            assert any(w in mask for w in rule.words), f"{rule.slug}: {mask} masks nothing"
        for url in rule.urls:
            re.compile(url)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("拜登与习近平在旧金山会晤", {"china", "united-states"}),
        ("台湾立法院三读通过预算", {"taiwan"}),
        ("臺灣立法院三讀通過預算".replace("臺", "台"), {"taiwan"}),
        ("香港法院驳回上诉", {"hong-kong-macau"}),
        ("乌克兰称击落无人机", {"russia-ukraine", "military"}),
        ("以色列与哈马斯停火", {"middle-east", "military"}),
        ("欧洲央行宣布加息", {"europe", "economy"}),
        ("維權律師獲釋", {"rights"}),
        ("颱風逼近 多地豪雨", {"environment"}),
        ("世卫呼吁接种疫苗", {"health"}),
        ("奥运男篮夺冠", {"culture"}),
        ("市民公园里的周末", set()),
    ],
)
def test_the_default_vocabulary_on_plain_headlines(defaults, title, expected):
    assert set(classify(scrape(1, title=title), "", TopicRules(defaults))) == expected

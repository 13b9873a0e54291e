"""What of an article's words counts, and how much."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from editions import scrape
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.grouping.copies import SIZE
from digest.grouping.forms import Form
from digest.grouping.terms import (
    OPENING,
    SCALE,
    TITLE,
    Sketch,
    cut_terms,
    sketch,
    sketch_all,
    weigh_terms,
)
from digest.grouping.weights import ARTICLES, Terms, read_terms
from digest.text.folding import fold

weigh = read_terms().weigh
TEXT = "海港渡轮公司宣布停航三天，居民绕路过桥。码头工人说，船底的裂缝两个月前就有人报告。"


def vector_of(found: Sketch) -> dict[int, int]:
    numbers = np.frombuffer(found.terms, np.uint32).tolist()
    assert numbers == sorted(set(numbers))
    return dict(zip(numbers, np.frombuffer(found.weights, np.int16).tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        # Words of one letter, numbers, days and what reporters always write say nothing of the story.
        ("渡轮停航 12 天，记者周三报道说", ["渡轮", "停航"]),
        ("A380 与 covid-19 和 5g", ["a380", "covid-19", "5g"]),
        ("the ferry company said on Monday", ["the", "ferry", "company", "on"]),
        ("貝魯特港爆炸", ["贝鲁特", "爆炸"]),
        ("ＡＢＣ 川普", ["abc", "特朗普"]),
        ("", []),
        ("。！？ 12 3.5", []),
    ],
)
def test_terms(text, terms):
    assert [t for t in cut_terms(fold(text)) if t != "港"] == terms


def test_a_term_weighs_by_how_often_it_stands_and_how_rare_it_is():
    weights = weigh_terms("渡轮停航", "渡轮公司停航。公司道歉，公司赔偿。")
    expected = {
        "渡轮": (1 + math.log(TITLE + 1)) * weigh("渡轮"),
        "停航": (1 + math.log(TITLE + 1)) * weigh("停航"),
        "道歉": weigh("道歉"),
        "赔偿": weigh("赔偿"),
    }
    length = math.hypot(*expected.values())
    assert weights == {term: round(weight * SCALE / length) for term, weight in expected.items()}


def test_columns_and_datelines_do_not_count():
    plain = weigh_terms("渡轮停航", "海港渡轮公司宣布停航。")
    assert weigh_terms("独家：渡轮停航", "（海港社记者某某海港3日电）海港渡轮公司宣布停航。") == plain


def test_only_the_opening_counts():
    opening = "渡轮停航" * OPENING
    assert weigh_terms("码头", opening + "裂缝") == weigh_terms("码头", opening)
    assert "裂缝" in weigh_terms("码头", "裂缝" + opening)


@settings(max_examples=60)
@given(
    st.text("渡轮停航海港公司居民绕路码头裂缝abc 。，", max_size=300), st.text("渡轮停航海港a1", max_size=30)
)
def test_every_vector_is_of_one_length(text, title):
    weights = weigh_terms(title, text)
    if weights:
        assert math.hypot(*weights.values()) == pytest.approx(SCALE, abs=1 + math.sqrt(len(weights)))
    assert all(0 < weight <= SCALE for weight in weights.values())


def test_a_sketch_is_the_same_in_either_script():
    simplified = sketch(scrape(1, title="渡轮停航三天 居民绕路"), TEXT)
    traditional = sketch(
        scrape(2, title="渡輪停航三天 居民繞路", lang="zh-Hant"),
        "海港渡輪公司宣布停航三天，居民繞路過橋。碼頭工人說，船底的裂縫兩個月前就有人報告。",
    )
    assert simplified == traditional
    assert len(vector_of(simplified)) > 8
    assert len(simplified.signature) == SIZE


@pytest.mark.parametrize(
    ("title", "form"),
    [("早报：渡轮停航", Form("roundup")), ("纽约股市收高", Form("market", "us-stocks", -10))],
)
def test_round_ups_and_market_reports_have_no_terms(title, form):
    found = sketch(scrape(1, title=title), TEXT)
    assert (found.form, found.terms, found.weights) == (form, b"", b"")
    assert len(found.signature) == SIZE


def test_an_article_without_words_has_an_empty_vector():
    found = sketch(scrape(1, title="12"), "")
    assert (found.terms, found.weights) == (b"", b"")


def test_a_sketch_does_not_hang_on_the_seed_of_hashes():
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from editions import scrape\nfrom digest.grouping.terms import sketch\n"
        "import msgspec\nprint(msgspec.json.encode(sketch(scrape(1, title='渡轮停航'), sys.argv[2])).decode())"
    )
    command = [sys.executable, "-c", script, Path(__file__).parent, TEXT]
    printed = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("0", "7")
    }
    assert len(printed) == 1


# Letters at which a cut, a folding or a normalization could reach over the end of a text.
LETTERS = "渡轮停航海港公司貝魯特世卫組織川普abc12.-%， 。\n\r\x1e\u3000\u0301\ud800Ａ𠮷"
TITLES = ["渡轮停航三天", "早报：渡轮停航", "纽约股市收高", "12", "", "快讯/海港 停航 - 海港社"]


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(TITLES) | st.text(LETTERS, max_size=12),
            st.sampled_from([None, "财经", "世", "\u0301"]),
            st.text(LETTERS, max_size=60)
            | st.text(max_size=20)
            | st.just(TEXT * 20)
            | st.just("渡輪" * 3000),
            st.booleans(),
        ),
        max_size=9,
    )
)
def test_a_sketch_is_the_same_in_any_batch(articles):
    batch = [
        (scrape(1, title=title, kicker=kicker, lang="zh-Hant" if traditional else "zh-Hans"), text)
        for title, kicker, text, traditional in articles
    ]
    assert sketch_all(batch) == [sketch(*article) for article in batch]


def test_more_articles_than_are_sketched_at_once(monkeypatch):
    batch = [(scrape(1, title=title), TEXT) for title in TITLES]
    whole = sketch_all(batch)
    monkeypatch.setattr("digest.grouping.terms._BATCH", 2)
    assert sketch_all(batch) == whole


def test_forgetting_rare_words_changes_nothing(monkeypatch):
    monkeypatch.setattr("digest.grouping.weights._REMEMBERED", 3)
    terms = Terms([(50, ["渡轮"])])
    size = len(terms)
    words = ["渡轮", "停航", "码头", "12", "裂缝", "居民", "记者", "停航", "渡轮"]
    codes = [terms[word] for word in words]
    assert len(terms) <= size + 3
    assert codes[1] == codes[-2] != codes[2]
    assert codes[3] == codes[-3] == 0
    assert codes[0] == codes[-1] != Terms([])["渡轮"]


def test_rare_terms_weigh_most_and_none_of_the_table_weighs_nothing_or_less():
    weights = read_terms().weights[1:].tolist()
    assert weigh("没有这样一个词") == max(math.log(ARTICLES / 5), *weights)
    assert weigh("没有这样一个词") > weigh("渡轮") > weigh("公司") > weigh("中国")
    assert weigh("记者") == weigh("，") == 0
    assert min(weights) > 0
    assert len(Terms([])) + 10_000 < len(read_terms())

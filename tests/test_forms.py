"""Forms of news writing: which articles are grouped otherwise than by what they say."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.grouping.forms import (
    REPORT,
    Form,
    name_unit,
    stop_terms,
    strip_column,
    strip_dateline,
    tell_form,
)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("kicker", "title"),
    [
        ("简报：", "渡船停运；市长辞职"),
        ("早报：", "渡轮公司宣布停航，居民须绕路"),
        ("", "早报｜渡轮公司宣布停航"),
        ("", "早安岛国》渡轮停航 居民绕路"),
        ("", "【财经早餐】渡轮公司停航"),
        ("", "青年早新闻 | 渡轮停航"),
        ("山国报纸摘要", "渡轮停航的教训"),
        ("", "山语媒体：渡轮停航的教训"),
        ("", "墙外文摘: 渡轮为何停航"),
        ("", "2031年3月4日某通讯社要闻简报-2"),
        ("", "海港财经新闻一周回顾"),
        ("", "七张图看一周大事"),
        ("", "0301-0307一周大事"),
        ("汇市一周综述：", "贝币走软"),
        ("", "渡轮停航、市长辞职与本周更多重要故事"),
        ("", "2031-03-04 新闻联播 文字版市长视察渡口"),
        ("", "渡轮停航居民绕路；市长宣布辞职；新桥提前通车"),
        ("", "环岛观察(2031年3月4日)"),
        ("", "每日一图：渡口"),
        ("", "某热病全球最新情报 3/4"),
        ("", "Photo: Ferry at dawn, by A. Reader"),
        ("", "Morning briefing: the ferry stops"),
        ("", "Letters to the editor"),
        ("", "Your Monday Briefing: the ferry stops"),
    ],
)
def test_what_tells_many_stories_stands_alone(kicker: str, title: str) -> None:
    assert tell_form(title, kicker) == Form("roundup")


@pytest.mark.parametrize(
    ("kicker", "title"),
    [
        ("", "渡轮停航 居民绕路"),
        ("独家：", "渡轮公司将停航--消息人士"),
        ("", "南湾早报：渡轮公司将停航"),  # a newspaper, not a morning edition
        ("", "今日头条：渡轮传闻不实"),  # a company
        ("", "每日邮报：渡轮公司将停航"),
        ("", "渡轮停航一周年 居民集会"),
        ("", "市长听取渡轮停航简报"),
        ("【图集】", "渡轮停航现场"),
        ("", "关于渡轮停航 你应该知道的五件事"),
        ("要闻解说", "渡轮为何停航"),
        ("", "渡轮停航案情通报（2031年3月4日）"),
        ("", "市长：渡轮会停航；居民：不能接受"),
        ("", "她把新闻联播版的通知改写成歌"),
    ],
)
def test_a_report_of_one_story_is_a_report(kicker: str, title: str) -> None:
    assert tell_form(title, kicker) == REPORT


def test_an_outlets_own_column_is_known_by_its_slug_only() -> None:
    assert tell_form("【十字路口】渡轮停航", source="epoch").kind == "roundup"
    assert tell_form("【十字路口】渡轮停航", source="herald") == REPORT


def test_the_opening_tells_a_newsletter() -> None:
    assert tell_form("渡轮停航", opening="早上好！以下是今天的消息。").kind == "roundup"
    assert tell_form("渡轮停航", opening="渡轮公司说早上好。") == REPORT


@pytest.mark.parametrize(
    ("title", "market"),
    [
        ("美股收黑", "us-stocks"),
        ("盼渡轮复航 伦敦股市高开", "europe-stocks"),
        ("标普500指数再创新高 因渡轮复航", "us-stocks"),
        ("亚股因渡轮复航普涨 欧股早盘跟进走高", "europe-stocks"),  # the one told by its session
        ("渡轮停航美股崩跌冲击 台股开盘跌破支撑", "taiwan-stocks"),  # a cause is no subject
        ("不理美股收红 日股盘中翻黑", "japan-stocks"),
        ("渡轮停航美股收跌激励 日股走低", "japan-stocks"),
        ("日股随美股收高", "japan-stocks"),  # what is compared with
        ("美元走强拖累金价跌破千元", "gold"),  # what is moved
        ("收评：沪指跌1% 船舶股领跌", "china-stocks"),
        ("新台币早盘贬9.9分 见33.3元", "taiwan-dollar"),
        ("渡轮停航后人民币收跌百点", "renminbi"),
        ("国际油价回升 明起汽油调涨两角", "fuel"),
        ("国际油价下滑 渡轮停航", "oil"),
        ("比特币暴跌逾一成", "crypto"),
    ],
)
def test_a_market_report_names_its_market(title: str, market: str) -> None:
    form = tell_form(title)
    assert (form.kind, form.key) == ("market", market)


@pytest.mark.parametrize(
    ("kicker", "title"),
    [
        ("", "渡轮公司股价大涨两成"),  # one company
        ("", "渡轮公司美股上市首日大涨"),
        ("", "分析：A股会大涨吗？"),
        ("调查：", "油价年底料将上涨"),
        ("", "渡轮公司亏损1.2亿美元 创新高"),  # a sum, no currency
        ("", "官员：人民币不会大跌"),
        ("", "人民币国际化取得突破"),
        ("", "华尔街日报高层震荡"),
        ("", "黄金周首日游客上涨两成"),
        ("", "美股会继续涨吗？"),
        ("", "港股通扩容方案出炉"),
    ],
)
def test_news_about_a_company_or_a_rule_is_no_market_report(kicker: str, title: str) -> None:
    assert tell_form(title, kicker) == REPORT


def test_one_trading_day_is_one_unit_wherever_it_is_read() -> None:
    closing = tell_form("美股收高")
    # New York closes at 20:00 UTC; its close is told in Asia until the next noon.
    assert name_unit(closing, at("2031-03-04 21:00")) == "market us-stocks 2031-03-04"
    assert name_unit(closing, at("2031-03-05 04:35")) == "market us-stocks 2031-03-04"
    assert name_unit(tell_form("美股开盘走低"), at("2031-03-05 14:35")) == "market us-stocks 2031-03-05"
    # Shanghai's day is one date there, not in UTC.
    fixing, close = tell_form("人民币中间价开在6.97元"), tell_form("人民币收跌")
    assert name_unit(fixing, at("2031-03-04 00:20")) == name_unit(close, at("2031-03-04 09:00"))
    assert name_unit(fixing, at("2031-03-03 23:50")) == "market renminbi 2031-03-04"


def test_reports_and_roundups_belong_to_no_unit() -> None:
    assert name_unit(tell_form("渡轮停航"), at("2031-03-04 09:00")) == ""
    assert name_unit(tell_form("七张图看一周大事"), at("2031-03-04 09:00")) == ""


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("岛国新增8例确诊", "岛国"),
        ("大陆昨新增99例冠病确诊 都是境外输入", "中国"),
        ("港添99宗新冠确诊 其中9宗源头不明", "香港"),
        ("新冠肺炎增9例境外移入 全台累计9999例", "台湾"),
        ("日本单日新增9999例确诊", "日本"),
        ("天津新增9例确诊", "天津"),
        ("全球染疫逾9999万人 累计99万人病故", "全球"),
        ("3月4日岛国新增新冠确诊22例 其中山区本土病例较上日翻倍至18例", "岛国"),
        ("新增约9例境外移入确诊 累计99例", "herald"),  # the outlet's own country goes without saying
    ],
)
def test_a_headline_that_only_counts_the_sick_names_the_place(title: str, place: str) -> None:
    assert tell_form(title, source="herald") == Form("counts", place)


@pytest.mark.parametrize(
    "title",
    [
        "岛国总统确诊新冠肺炎",
        "岛国新增8例确诊 政府宣布学校停课两周并关闭渡口",
        "渡轮倾覆 死者增至27人",
        "岛国新冠疫苗首批接种1万人 官员盼下月复航",
        "确诊病例激增 渡轮公司宣布停航并裁员三百人",
    ],
)
def test_more_than_a_count_is_a_report(title: str) -> None:
    assert tell_form(title, source="herald") == REPORT


def test_counts_of_two_days_are_two_units() -> None:
    form = tell_form("岛国新增8例确诊")
    assert name_unit(form, at("2031-03-04 09:00")) != name_unit(form, at("2031-03-05 09:00"))


def test_small_earthquakes_and_forecasts_are_bulletins() -> None:
    assert tell_form("东湾近海规模4.8地震 最大震度4级") == Form("quake", "4.8", 8)
    assert tell_form("北山县发生4.7级地震") == Form("quake", "4.7", 8)
    assert tell_form("山区明晚有阵雨 气温骤降", source="herald") == Form("weather", "herald", 8)


@pytest.mark.parametrize(
    "title",
    [
        "东湾规模7.2地震",  # a large one is news
        "东湾规模4.8地震 3人受伤",
        "台风小鱼逼近 北部防大雨",  # a storm with a name
        "午后雷阵雨引发山洪 两人失踪",
        "两国防长会谈 局势降温",
    ],
)
def test_what_does_harm_or_has_a_name_is_a_report(title: str) -> None:
    assert tell_form(title) == REPORT


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("独家：渡轮公司将停航--消息人士", "渡轮公司将停航"),
        ("港媒：渡轮公司将停航", "渡轮公司将停航"),
        ("《分析》渡轮为何停航", "渡轮为何停航"),
        ("时事大家谈：渡轮为何停航？", "渡轮为何停航？"),
        ("特派专栏 渡口的最后一天", "渡口的最后一天"),
        ("Analysis: Why the ferry stopped", "Why the ferry stopped"),
        ("渡轮停航 居民绕路【图辑】", "渡轮停航 居民绕路"),
        ("渡轮停航（更新版）", "渡轮停航"),
        ("渡口日记（3月4-5日）", "渡口日记"),
        ("渡轮停航 居民绕路 - 310304-7", "渡轮停航 居民绕路"),
        ("市长：渡轮会复航", "市长：渡轮会复航"),  # who speaks is part of the news
        ("调查渡轮停航", "调查渡轮停航"),
        ("渡轮公司将停航--海湾渡轮总裁", "渡轮公司将停航--海湾渡轮总裁"),
        ("独家：", "独家："),  # never nothing
    ],
)
def test_the_words_of_the_trade_are_stripped(title: str, bare: str) -> None:
    assert strip_column(title) == bare


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("（某通社记者林一洲海港3日电）渡轮停航。", "渡轮停航。"),
        ("(海港之声中文网) 渡轮停航。", "渡轮停航。"),
        ("新华社海港3月4日电（记者林一洲）渡轮停航。", "渡轮停航。"),
        ("路透海港3月4日 - 渡轮停航。", "渡轮停航。"),
        ("2031年3月4日，本网获悉：渡轮停航。", "渡轮停航。"),
        ("渡轮停航（见图）。", "渡轮停航（见图）。"),
    ],
)
def test_the_dateline_is_stripped(text: str, bare: str) -> None:
    assert strip_dateline(text) == bare


def test_stop_terms_tell_the_day_and_the_reporter_only() -> None:
    assert {"周三", "记者", "报道", "表示", "路透社", "今天", "bbc"} <= stop_terms()
    assert not {"总统", "法院", "宣布", "死亡", "发言人", "中国", ""} & stop_terms()
    assert all(term == term.lower() and not re.search(r"\s", term) for term in stop_terms())


_TITLES = st.text(
    st.sampled_from(
        "美股收涨跌金价新增例确诊一周大事早报简报独家消息震级4.8雨特报：:|》】【（）；，、 —-3月"
    ),
    max_size=40,
)


@given(_TITLES, _TITLES, _TITLES)
def test_any_headline_has_a_form(title: str, kicker: str, opening: str) -> None:
    form = tell_form(title, kicker, "epoch", opening)
    unit = name_unit(form, at("2031-03-04 12:00"))
    assert bool(unit) == (form.kind not in {"report", "roundup"})
    assert form == tell_form(title.upper(), kicker, "epoch", opening)


@given(_TITLES)
def test_stripping_leaves_a_part_and_is_done_at_once(title: str) -> None:
    bare = strip_column(title)
    assert bare in title
    assert bool(bare) == bool(title)
    assert strip_column(bare) in {bare, strip_column(strip_column(bare))}

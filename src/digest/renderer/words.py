"""The interface's words, one table for each language a site can have."""

from __future__ import annotations

from msgspec import Struct


class Words(Struct, frozen=True, gc=False):
    """What the interface says. Templates see it as `words`."""

    home: str
    skip: str
    menu: str
    sources: str
    topics: str
    tags: str
    threads: str
    undated: str
    days: str
    original: str
    homepage: str
    fetched: str
    picture: str
    related: str
    versions: str
    titled: str
    truncated: str
    older: str
    newer: str
    oldest: str
    newest: str
    more: str
    other: str
    editor: str
    nothing: str
    missing: str
    missing_hint: str
    moved: str
    feed: str
    comma: str
    stop: str
    articles: str
    """`{}` is the number of articles."""
    one_article: str
    page: str
    """`{}` is the number of the page."""

    def count(self, number: int) -> str:
        """`number` articles, in words."""
        return self.one_article if number == 1 else self.articles.format(number)


_HANS = Words(
    home="首页",
    skip="跳到正文",
    menu="栏目",
    sources="来源",
    topics="议题",
    tags="标签",
    threads="专题",
    undated="日期不详",
    days="按日期",
    original="原文",
    homepage="官网",
    fetched="收录于",
    picture="图片",
    related="相关报道",
    versions="个版本",
    titled="原题",
    truncated="来源仅提供了本文的开头。",
    older="更早",
    newer="较新",
    oldest="最早",
    newest="最新",
    more="当日全部",
    other="其他",
    editor="编者按",
    nothing="尚无内容。",
    missing="没有这一页",
    missing_hint="地址可能有误，或者内容已经撤下。",
    moved="此页已并入最新一页",
    feed="订阅",
    comma="、",
    stop="：",
    articles="{} 篇",
    one_article="1 篇",
    page="第 {} 页",
)
_HANT = Words(
    home="首頁",
    skip="跳到正文",
    menu="欄目",
    sources="來源",
    topics="議題",
    tags="標籤",
    threads="專題",
    undated="日期不詳",
    days="按日期",
    original="原文",
    homepage="官網",
    fetched="收錄於",
    picture="圖片",
    related="相關報道",
    versions="個版本",
    titled="原題",
    truncated="來源僅提供了本文的開頭。",
    older="更早",
    newer="較新",
    oldest="最早",
    newest="最新",
    more="當日全部",
    other="其他",
    editor="編者按",
    nothing="尚無內容。",
    missing="沒有這一頁",
    missing_hint="網址可能有誤，或者內容已經撤下。",
    moved="此頁已併入最新一頁",
    feed="訂閱",
    comma="、",
    stop="：",
    articles="{} 篇",
    one_article="1 篇",
    page="第 {} 頁",
)
_EN = Words(
    home="Home",
    skip="Skip to content",
    menu="Sections",
    sources="Sources",
    topics="Topics",
    tags="Tags",
    threads="Stories",
    undated="Undated",
    days="By date",
    original="Original",
    homepage="Homepage",
    fetched="Collected",
    picture="Picture",
    related="Related",
    versions="versions",
    titled="Titled",
    truncated="The outlet gave only the opening of this article.",
    older="Older",
    newer="Newer",
    oldest="Oldest",
    newest="Newest",
    more="All of this day",
    other="Other",
    editor="Editor’s note",
    nothing="Nothing here yet.",
    missing="No such page",
    missing_hint="The address may be wrong, or the page was taken down.",
    moved="This page is part of the newest one",
    feed="Feed",
    comma=", ",
    stop=": ",
    articles="{} articles",
    one_article="1 article",
    page="Page {}",
)
_TABLE = {"zh-Hans": _HANS, "zh-Hant": _HANT, "en": _EN}


def words_for(language: str) -> Words:
    """The words of an interface language; simplified Chinese for any that has no table."""
    return _TABLE.get(language, _HANS)

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
    removed: str
    removed_on: str
    reason: str
    feed: str
    comma: str
    stop: str
    articles: str
    """`{}` is the number of articles."""
    one_article: str
    page: str
    """`{}` is the number of the page."""
    story: str
    """What a story is called that the editor gave no name."""
    also: str
    """Before the outlets that have the same text."""
    same: str
    """Before the outlet that has the same text earlier."""
    further: str
    """`{}` is the number of reports that are folded."""
    silence: str
    """`{}` is the number of days without a report, three or more."""
    key_events: str
    coverage: str
    earliest: str
    """Before the earliest report the archive has: it may not be the earliest there was."""
    per_day: str
    """First and last day of a chart, the day with most articles, and their number."""
    per_week: str
    by_day: str
    by_week: str
    by_month: str
    total: str
    outlet: str
    related_stories: str
    current: str
    curated: str
    months: str
    outlets: str
    """`{}` is the number of outlets."""
    one_outlet: str

    def count(self, number: int) -> str:
        """`number` articles, in words."""
        return self.one_article if number == 1 else self.articles.format(number)

    def breadth(self, number: int) -> str:
        """`number` outlets, in words."""
        return self.one_outlet if number == 1 else self.outlets.format(number)


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
    moved="此页已移至",
    removed="本文已移除",
    removed_on="移除日期",
    reason="原因",
    feed="订阅",
    comma="、",
    stop="：",
    articles="{} 篇",
    one_article="1 篇",
    page="第 {} 页",
    story="事件脉络",
    also="也见",
    same="同文见",
    further="另有 {} 篇报道",
    silence="{} 天无报道",
    key_events="关键节点",
    coverage="各来源的报道",
    earliest="本站收录的最早一篇",
    per_day="每日篇数：{} – {}；{}最多，{}",
    per_week="每周篇数：{} – {}；{}起一周最多，{}",
    by_day="每列一天",
    by_week="每列一周，自所示日期起",
    by_month="每列一个月",
    total="合计",
    outlet="来源",
    related_stories="相关专题",
    current="当前专题",
    curated="编者专题",
    months="按月",
    outlets="{} 家来源",
    one_outlet="1 家来源",
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
    moved="此頁已移至",
    removed="本文已移除",
    removed_on="移除日期",
    reason="原因",
    feed="訂閱",
    comma="、",
    stop="：",
    articles="{} 篇",
    one_article="1 篇",
    page="第 {} 頁",
    story="事件脈絡",
    also="也見",
    same="同文見",
    further="另有 {} 篇報道",
    silence="{} 天無報道",
    key_events="關鍵節點",
    coverage="各來源的報道",
    earliest="本站收錄的最早一篇",
    per_day="每日篇數：{} – {}；{}最多，{}",
    per_week="每週篇數：{} – {}；{}起一週最多，{}",
    by_day="每欄一天",
    by_week="每欄一週，自所示日期起",
    by_month="每欄一個月",
    total="合計",
    outlet="來源",
    related_stories="相關專題",
    current="當前專題",
    curated="編者專題",
    months="按月",
    outlets="{} 家來源",
    one_outlet="1 家來源",
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
    moved="This page has moved to",
    removed="This article has been removed",
    removed_on="Removed on",
    reason="Reason",
    feed="Feed",
    comma=", ",
    stop=": ",
    articles="{} articles",
    one_article="1 article",
    page="Page {}",
    story="This story",
    also="Also in",
    same="Same text as in",
    further="{} more",
    silence="{} days without a report",
    key_events="Key events",
    coverage="Coverage by outlet",
    earliest="Earliest report in this archive",
    per_day="Articles a day, {} – {}; most on {}: {}",
    per_week="Articles a week, {} – {}; most in the week of {}: {}",
    by_day="One column a day",
    by_week="One column a week, from the day shown",
    by_month="One column a month",
    total="Total",
    outlet="Outlet",
    related_stories="Related stories",
    current="Current stories",
    curated="The editor’s stories",
    months="By month",
    outlets="{} outlets",
    one_outlet="1 outlet",
)
_TABLE = {"zh-Hans": _HANS, "zh-Hant": _HANT, "en": _EN}


def words_for(language: str) -> Words:
    """The words of an interface language; simplified Chinese for any that has no table."""
    return _TABLE.get(language, _HANS)

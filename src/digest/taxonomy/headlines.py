"""Headlines: rid of what the outlet added, and how well one would do as the name of a story.

The forms are general ones of the press: names of columns, labels of a genre or of an update,
attributions to other media, serial numbers. A topic in front (`美国大选：`) names the story and stays; so
does whoever makes a claim (`专家：`), for without them the claim would stand as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_UPDATE = (
    "独家|獨家|快讯|快訊|即时|即時|更新版?|最新|更正|重播|直播|焦点|焦點|综合|綜合|转载|轉載|重磅|持续更新|持續更新|"
    "[Uu]pdated?|UPDATED?|[Ee]xclusive|EXCLUSIVE|[Bb]reaking|BREAKING"
)
_GENRE = (
    "全文|视频|視頻|影音|影片|影|音频|音頻|播客|图集|圖集|图辑|圖輯|组图|組圖|图片|圖片|图表新闻|圖表新聞|图|圖|"
    "专访|專訪|特写|特寫|特稿|综述|綜述|分析|评论|評論|社论|社論|社评|社評|观点|觀點|简报|簡報|早报|早報|"
    "晚报|晚報|深度|揭秘|盘点|盤點|[Vv]ideo|VIDEO|[Aa]nalysis|ANALYSIS|[Oo]pinion|OPINION|[Ww]atch"
)
_COLUMN = (
    "[^：:，。！？ ]{0,10}?(?:大家[谈談]|漫[谈談]|[对對][话話]|[观觀]察|[评評][论論]|[视視][点點]|要[义義]|"
    "社[论論]|文摘|[专專][栏欄]|[访訪][谈談]|[问問]答|[简簡][报報]|[早晚][报報]|[语語]媒[体體])"
)
_MEDIA = (
    "[^：:，。！？ ]{0,2}媒[体體]?|路透社?|法新社?|彭博(?:社|新[闻聞])?|"
    "(?:共同|美[联聯]|[韩韓][联聯]|新[华華]|中央|中新|朝中)社|[纽紐][时時]|[华華][邮郵]|[环環][时時]|南早|"
    "[^：:，。！？ ]{1,5}(?:[时時日晚早][报報]|[邮郵][报報]|[电電][视視台臺]|新[闻聞][网網]?)|"
    "[报報][载載道导導]|消息(?:人士|[来來]源)?|知情(?:人士|者)|FT|WSJ|NHK|CNN|BBC|ABC|Reuters|Bloomberg"
)
_LABEL = f"(?:{_UPDATE}|{_GENRE}|{_COLUMN}|{_MEDIA})"
_PREFIX = re.compile(
    rf"""\s*(?:
        【[^】]{{1,14}}】 | \[[^\]]{{1,10}}\] | ［[^］]{{1,10}}］ | 〔[^〕]{{1,10}}〕
      | [《〈「（(](?:{_UPDATE}|{_GENRE})[》〉」）)][:：]?
      | [^《〈，。：:？！]{{2,8}}》
      | {_LABEL}\s*[:：|｜│／]
    )\s*""",
    re.X,
)
_SUFFIX = re.compile(
    rf"""\s*(?:
        [（(\[【〔［](?:
            {_UPDATE}|{_GENRE}|[^（）()\[\]]{{0,4}}全文(?:翻[译譯])?
          | [上中下]|[一二三四五六七八九十]{{1,2}}|\d{{1,2}}
        )[）)\]】〕］]
      | [（(]\d{{4}}年\d{{1,2}}月\d{{1,2}}日[）)]
      | 【[^】]{{1,8}}】
      | \s[-–—]\s?\d{{6,8}}(?:[-–]\d+)?
      | (?:--|——|\s[-–—])\s*(?:{_UPDATE}|{_GENRE}|{_MEDIA})
      | \s[-–—]\s*[^-–—|｜│]{{0,14}}(?:[电電][台臺]|[广廣]播|中文|News|Times|RFI|BBC|VOA)[^-–—|｜│]{{0,6}}
      | \s?[|｜│][^|｜│]{{1,10}}
      | [。；;，,、]
    )\s*$""",
    re.X,
)
_TRIGGER = re.compile(r"[【】\[\]［〔（(《》〈「」『』｜|│／:：。；;，,、“”\"）)]|--|——|\s[-–—]")
_BLANK = re.compile(r"\s+(?=[：，。；！？])")
_SHORTEST = 6
_BRACKETS = ("「」", "『』", "《》", "（）", "()")

# What a headline in Simplified letters wants as a plain statement. The words stand one by one:
# only so does the search skip from first letter to first letter.
_WANTING = (
    (re.compile(r"\?|？|吗|呢"), 0.5),
    (re.compile("为何|为什么|如何|怎么|怎样|什么|何以|谁|哪些|哪个|哪里|多少|是否"), 0.7),
    (
        re.compile(
            "回顾|一文|背后|幕后|始末|大事记|时间线|图说|图解|梳理|须知|解读|解析|启示|教训|意味|看点|大关键|个关键|大看点|"
            "这个|这些"
        ),
        0.75,
    ),
    (re.compile("我(?!国)|你|咱"), 0.75),
    (re.compile("；|;"), 0.7),
    (re.compile(r"…|\.\.\."), 0.75),
    (re.compile("！|!"), 0.85),
    (re.compile("吁|批|控|斥|称|表示|回应|谴责|质疑|敦促|指责|警告|强调|声援|关注|忧"), 0.88),
    (re.compile("已致|增至|升至|累计|至少|单日|新增"), 0.9),
)
_WANTING_AT = (
    (re.compile("[“「\"'‘『]"), 0.85),
    (re.compile("[^：:]{1,14}[：:]|.*--[^-]+$"), 0.8),
    (re.compile(".*(?:讲话|声明|演说|评论)$"), 0.8),
)
_LABELLED = re.compile(
    rf"""
        \s*[【《\[（(]?(?:{_GENRE}|{_COLUMN})[】》\])）:：|｜│／]
      | .*[【（(\[][^】）)\]]{{0,4}}(?:{_GENRE})[^】）)\]]{{0,2}}[】）)\]]\s*$
    """,
    re.X,
)
_COMMENT = 0.6
_FIT = (8, 30)
_UNFIT = 0.75


def clean_headline(title: str) -> str:
    """The headline without column, label, attribution to other media, serial number, outlet or loose quotes.

    Nothing is taken off that would leave fewer than six characters.
    """
    if not _TRIGGER.search(title):
        return title.strip()
    text = _strip(title, _PREFIX.match, lambda text, found: text[found.end() :])
    text = _strip(text, _SUFFIX.search, lambda text, found: text[: found.start()])
    return _BLANK.sub("", _mend_quotes(text)).strip()


def rate_headline(printed: str, cleaned: str) -> float:
    """How well a headline says what happened, up to 1; both as printed and cleaned, in Simplified letters.

    A plain statement of 8 to 30 Han letters (two Latin ones count as one) says it; a question, a teaser, a
    comment, a gallery, a speech, a running count do less.
    """
    rate = _COMMENT if printed != cleaned and _LABELLED.match(printed) else 1.0
    for pattern, factor in _WANTING:
        if pattern.search(cleaned):
            rate *= factor
    for pattern, factor in _WANTING_AT:
        if pattern.match(cleaned):
            rate *= factor
    length = measure(cleaned)
    if length < _FIT[0]:
        return rate * _UNFIT
    return rate if length <= _FIT[1] else rate * _FIT[1] / length


def measure(text: str) -> float:
    """The length of `text` in Han letters; what is ASCII counts half."""
    return len(text) - len(text.encode("ascii", "ignore")) / 2


def _strip(
    text: str,
    find: Callable[[str], re.Match[str] | None],
    rest: Callable[[str, re.Match[str]], str],
) -> str:
    while (found := find(text)) and len(left := rest(text, found)) >= _SHORTEST:
        text = left
    return text


def _mend_quotes(text: str) -> str:
    """Curly quotes of the wrong hand are turned, marks without a partner dropped."""
    quotes = text.count("“") + text.count("”") + text.count('"')
    if quotes and (text.count("“") != text.count("”") or text.count('"') % 2):
        if quotes % 2:
            text = _drop_loose(text, "“”").replace('"', "")
        else:
            pieces = re.split('[“”"]', text)
            text = "".join(p + "“”"[i % 2] for i, p in enumerate(pieces[:-1])) + pieces[-1]
    for pair in _BRACKETS:
        if text.count(pair[0]) != text.count(pair[1]):
            text = _drop_loose(text, pair)
    return text


def _drop_loose(text: str, pair: str) -> str:
    opened: list[int] = []
    loose: list[int] = []
    for place, letter in enumerate(text):
        if letter == pair[0]:
            opened.append(place)
        elif letter == pair[1] and opened:
            opened.pop()
        elif letter == pair[1]:
            loose.append(place)
    gone = {*opened, *loose}
    return "".join(letter for place, letter in enumerate(text) if place not in gone)

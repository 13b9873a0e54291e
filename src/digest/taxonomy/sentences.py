"""The opening sentences of an article that can be quoted alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from digest.taxonomy.headlines import measure

_DATELINE = re.compile(
    r"""\s*(?:
        [（(〔【\[［][^）)〕】\]］]{2,48}[）)〕】\]］]
      | \#[^#]{2,40}\#
      | [^，。：:；！？\s]{0,10}?(?:社|路透|中文[网網]|[报報])[^，。：:；！？]{0,20}?
        (?:[电電][讯訊]?|[讯訊]|[报報][导導道]|\d{1,2}日)\s?(?:[:：]|[-–—]+\s|--)
      | [^，。：:；！？\s“”「」]{2,8}(?:——|\s[-–—]+\s)
      | \d{4}年\d{1,2}月\d{1,2}日，?本[网網站报報台臺刊][^，。：:]{0,4}[：:，,]
      | (?:提要|[导導][读讀]|摘要|本[报報网網台臺][讯訊]|快[讯訊]|更新)\s?[:：]
    )\s*""",
    re.X,
)
_DATELINE_WITHIN = re.compile(r"[（(][^（）()，。]{2,30}[电電讯訊][)）]")
_NO_REPORT = re.compile(
    r"""
        [^，。：:]{0,6}(?:[编編][者辑輯](?:[按注荐薦]|[说說]明)?|按[语語])\s?[：:]
      | [^，。！]{0,8}(?:大家好|朋友[们們]好|各位好|[欢歡]迎|[您你]好)
      | (?:原[标標][题題]|作者|[记記]者|[来來]源|[责責][编編]|[图圖]|[^，。]{0,4}通知)\s?[:：]
      | 以下[为為是]|今晨最新|[^，。]{0,8}每天[为為]|[点點][击擊]|https?:|@|Photo|Video|By\ |[/•]
    """,
    re.X,
)
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’」』）)\"]*")
_ENGLISH_SENTENCE = re.compile(r".{20,}?[.!?][”’\")]*(?=\s|$)", re.S)
_HANGING = re.compile(
    r"""
        [“「『\[【\#"‘'—…·•\-]
      | [他她它这這此该該但而并並咱你]|我(?![国國])|也(?![门門])
      | 其[中他实實余餘次]|然而|不[过過]|因此|所以|同[时時]|另外|另[一据據]|[据據]此|[还還]有|那[么麼]|如果
      | 例如|比[如方]
      | [随隨之后後][后後][来來]?|此?[后後][来來]|之前
      | [^，。：:]{0,16}(?:[对對]此|此[事案举舉]|[这這][一项項个個些份篇种種]|[该該][国國院案法])
      | (?:He|She|It|They|This|That|These|But|And|So|I|We|You)\b
    """,
    re.X,
)
_QUESTION = re.compile('[?？][”’」』）)"]*$')
_SPOTS = (
    (re.compile("[这這][一项項个個些名位次份篇种種]|上述|前述|[该該]"), 0.7),
    (re.compile("^[^，。]{1,12}[:：]"), 0.7),
    (re.compile("[㐀-鿿] +[㐀-鿿]"), 0.7),
    (
        re.compile(
            "^(?:近[来來日年期]|[随隨][着著]|[当當]前|[长長]期|多年|自[从從]|[针針]?[对對]|[鉴鑑][于於])"
        ),
        0.8,
    ),
    (re.compile("[!！]"), 0.8),
)
_SHORTEST, _LONGEST = 14, 95
_FIT = (20, 75)
_UNFIT = 0.75
_LOOK = 2
_HEADLINE = 90


def open_sentences(lead: str, excerpt: str) -> tuple[str, ...]:
    """The first sentence of the lead, else of `excerpt`, and the one after it; datelines are gone.

    Greetings, editor's notes and lists of contents give none; and reading ends before a sentence that
    leans on another (`他说…`), asks, begins with a quotation, or is longer than 95 Han letters.
    """
    return (_read(lead, whole=True) if lead else ()) or _read(excerpt, whole=False)


def strip_dateline(text: str) -> str:
    """The text without the agency, reporter, place and day before its first sentence, nor a headline
    before those."""
    within = _DATELINE_WITHIN.search(text, 0, _HEADLINE)
    start = within.end() if within else 0
    while (found := _DATELINE.match(text, start)) and found.end() < len(text):
        start = found.end()
    return text[start:].strip()


def rate_sentence(text: str) -> float:
    """How well a sentence reads alone, up to 1: 20 to 75 Han letters that point at nothing outside them, and
    neither background nor list nor exclamation."""
    rate = 1.0 if _FIT[0] <= measure(text) <= _FIT[1] else _UNFIT
    for pattern, factor in _SPOTS:
        if pattern.search(text):
            rate *= factor
    return rate


def _read(text: str, *, whole: bool) -> tuple[str, ...]:
    text = strip_dateline(text)
    if not text or _NO_REPORT.match(text):
        return ()
    english = len(text) > 2 * measure(text) - 8
    sentences = list(islice(_cut(text, _ENGLISH_SENTENCE if english else _SENTENCE), _LOOK))
    if whole and not sentences and text[-1] not in "…:：，,":
        sentences = [text]
    return tuple(takewhile(_stands_alone, map(str.strip, sentences)))


def _cut(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The sentences from the beginning, as far as they are whole; a quotation is never cut."""
    start = end = 0
    while found := pattern.match(text, end):
        end = found.end()
        sentence = text[start:end]
        if sentence.count("“") == sentence.count("”") and sentence.count("「") == sentence.count("」"):
            yield sentence
            start = end


def _stands_alone(sentence: str) -> bool:
    return (
        _SHORTEST <= measure(sentence) <= _LONGEST
        and not _HANGING.match(sentence)
        and not _QUESTION.search(sentence)
    )

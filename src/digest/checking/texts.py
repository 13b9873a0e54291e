"""What one article's text tells of how it was scraped: broken characters, left-over markup, foreign
script, and its edges, by which boilerplate is told."""

from __future__ import annotations

import re
from typing import NamedTuple

SHORT = 40
"""Characters below which a text is a caption or a headline, and no article."""
EDGE = 64
"""Characters of a block's edge that are compared with those of other articles."""

_HAN = "\u3400-\u9fff\uf900-\ufaff"
# What the commonest letters and marks (，。的“是在中人) become when UTF-8 is read as GBK.
_GARBLED = "锛銆鐨鈥鏄鍦涓浜"
_BROKEN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a replacement character stands for what was lost", re.compile("\ufffd")),
    (
        "UTF-8 was read as Latin-1",
        re.compile("[ÃÂ][\x80-\xbf]|â€[™œ\x9d“”¦˜]|[åäæèéç][\x80-\xbf¡-¿]{2}"),
    ),
    ("UTF-8 was read as GBK", re.compile(f"[{_GARBLED}](?:[^{_GARBLED}\\n]{{0,12}}[{_GARBLED}]){{2}}")),
    ("GBK was read as UTF-8", re.compile("锟斤拷|烫烫烫|屯屯屯")),
    ("question marks stand for letters", re.compile(f"(?<=[{_HAN}])\\?{{3,}}(?=[{_HAN}])")),
    ("a letter of a private font", re.compile("[\ue000-\uf8ff]")),
    ("a control character", re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")),
)
_MARKUP = re.compile(
    r"&(?:amp|lt|gt|quot|nbsp|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
    r"|</?(?:p|div|span|a|br|img|strong|em|li|ul|td|tr|table)(?:\s[^<>]{0,200})?/?>"
)
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("Japanese", "\u3040-\u30ff\u31f0-\u31ff"),
    ("Korean", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("Cyrillic", "\u0400-\u052f"),
    ("Arabic", "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefe"),
    ("Hebrew", "\u0590-\u05ff"),
    ("Greek", "\u0370-\u03ff"),
    ("Devanagari", "\u0900-\u097f"),
    ("Thai", "\u0e00-\u0e7f"),
    ("Tibetan", "\u0f00-\u0fff"),
    ("Mongolian", "\u1800-\u18af"),
)
_FOREIGN = re.compile("[" + "".join(ranges for _, ranges in _SCRIPTS) + "]")
_LETTER = re.compile(r"[^\W\d_]")
_SHARE = 0.25

_ELLIPSIS = re.compile(r"(?:\.{3}|…|\[…\])\s*[\])）」』”\"]?\Z")
_MORE = re.compile(
    r"(?:阅读全文|閱讀全文|阅读更多|閱讀更多|查看全文|继续阅读|繼續閱讀|全文阅读"
    r"|\bread more|\bcontinue reading|\.\.\.\s?more)"
    r"[\s»>→.…）)]*\Z",
    re.I,
)
_DIGITS = re.compile(r"\d+")
_DATELINE = re.compile(r"\A[（(【\[][^）)】\]\n]{2,40}[）)】\]]\s*")


class Flaw(NamedTuple):
    """Something wrong in a text, in words."""

    code: str
    message: str


class Marks(NamedTuple):
    """What a text tells. `heads` and `tails` are the edges of its first and last two blocks with digits made
    0 and a dateline left out; `cut` says how the text breaks off, if it does."""

    flaws: tuple[Flaw, ...] = ()
    heads: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    cut: str = ""


def read_text(text: str) -> Marks:
    """The marks of a text, whose blocks stand on a line each."""
    blocks = [block for line in text.split("\n") if (block := line.strip())]
    if not blocks:
        return Marks()
    heads = tuple(_plain(_DATELINE.sub("", block[: 2 * EDGE]))[:EDGE] for block in blocks[:2])
    tails = tuple(_plain(block[-2 * EDGE :])[-EDGE:] for block in blocks[-2:])
    return Marks(tuple(find_flaws(text)), heads, tails, _how_cut(blocks[-1]))


def _plain(text: str) -> str:
    return _DIGITS.sub("0", text)


def _how_cut(block: str) -> str:
    if _MORE.search(block):
        return "words such as 'read more'"
    return "an ellipsis" if _ELLIPSIS.search(block) else ""


def find_flaws(text: str) -> list[Flaw]:
    """What is broken in a text or in the words of a field."""
    flaws = []
    for what, pattern in _BROKEN:
        if found := pattern.search(text):
            count = len(pattern.findall(text))
            many = f", {count} times" if count > 1 else ""
            message = f"{what}{many}: {_around(text, found)!r} (expected text; look for a better copy)"
            flaws.append(Flaw("mojibake", message))
    if found := _MARKUP.search(text):
        message = f"markup stands in the text: {_around(text, found)!r} (expected words)"
        flaws.append(Flaw("markup-left", message))
    if _FOREIGN.search(text):
        flaws += _find_script(text)
    return flaws


def _find_script(text: str) -> list[Flaw]:
    letters = len(_LETTER.findall(text))
    for name, ranges in _SCRIPTS:
        count = len(re.findall(f"[{ranges}]", text))
        if count and count >= _SHARE * letters:
            share = f"{100 * count // letters} % of the letters are {name}" if letters else name
            return [Flaw("script-unknown", f"{share} (expected Han or Latin)")]
    return []


def _around(text: str, found: re.Match[str]) -> str:
    return " ".join(text[max(0, found.start() - 12) : found.end() + 12].split())

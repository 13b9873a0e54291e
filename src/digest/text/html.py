"""Small tools for HTML and the text in it: escaping, addresses, blanks, excerpts."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from urllib.parse import urljoin

_BLANKS = re.compile(r"[^\S\u3000]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-]*):")
_HTTP = re.compile(
    r"https?://(?:[^/?#@\s]*@)?([A-Za-z0-9\u0080-\U0010ffff](?:[\w.\-]*[\w])?\.?)(:\d{1,5})?(?=[/?#]|$)", re.I
)
_CLEAN = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9\-._~/=?:;@!$'()*+,]*)?")
_MAIL = re.compile(r"mailto:[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+$", re.I)
_SENTENCE_END = re.compile(r"[。！？!?；;][”’」』）)]*|\.(?=\s)[”’]?")


def escape(text: str) -> str:
    """Text as it stands in HTML outside of attributes."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def escape_attribute(text: str) -> str:
    """Text as it stands in a double-quoted attribute."""
    return escape(text).replace('"', "&quot;")


def unescape_text(text: str) -> str:
    """Undo what a serialiser escaped."""
    return unescape(text) if "&" in text else text


def squeeze(text: str) -> str:
    """Runs of blanks and line ends to one blank, none at the ends. U+3000 stays inside."""
    text = text.strip()
    if len(text.split(None, 1)) < 2:
        return text
    return _BLANKS.sub(" ", text).strip()


def strip_invisible(text: str) -> str:
    """Without zero-width and direction marks and soft hyphens: for titles and names."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def bare(text: str) -> str:
    """The text without any blank: two readings of one passage agree in this form."""
    return "".join(text.split())


@lru_cache(maxsize=4096)
def safe_link(href: str, base: str) -> str:
    """The absolute address behind `href`, percent-encoded, or empty where it is none we link to.

    Only http(s) and mailto pass; relative ones need a `base`.
    """
    if _CLEAN.fullmatch(href):
        return href
    if "&amp;" in href:
        href = href.replace("&amp;", "&")
    href = "".join(href.split()) if "\n" in href or "\t" in href else href.strip()
    if not href or href[0] == "#":
        return ""
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() == "mailto":
        return href if _MAIL.match(href) else ""
    if scheme and scheme[1].lower() not in ("http", "https"):
        return ""
    if not scheme or not href[scheme.end() :].startswith("//"):
        if not base:
            return ""
        try:
            href = urljoin(base, href)
        except ValueError:
            return ""
    found = _HTTP.match(href)
    if not found or len(href) > 4000:
        return ""
    host = found[1]
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    if ".." in host or (found[2] and int(found[2][1:]) > 65535):
        return ""
    scheme_part = href[: href.index(":")].lower()
    rest = href[found.end() :]
    path, sharp, fragment = rest.partition("#")
    path = _percent_encode(path)
    return f"{scheme_part}://{host}{found[2] or ''}{path}" + (
        f"#{_percent_encode(fragment)}" if sharp else ""
    )


def _percent_encode(part: str) -> str:
    if "%" in part:
        part = _BAD_PERCENT.sub("%25", part)
    if "#" in part:
        part = part.replace("#", "%23")
    return _UNSAFE.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8", "replace")), part)


def excerpt(text: str, length: int = 160) -> str:
    """About `length` characters of `text` on one line, cut behind a sentence where one ends
    in the last third, else between words, with an ellipsis."""
    line = " ".join(text[: length * 2].split())
    if len(line) <= length:
        return line
    head = line[:length]
    ends = [m.end() for m in _SENTENCE_END.finditer(head)]
    if ends and ends[-1] * 3 > length * 2:
        return head[: ends[-1]].rstrip()
    if line[length].isascii() and line[length].isalnum() and head[-1].isascii():
        space = head.rfind(" ")
        if space * 3 > length * 2:
            head = head[:space]
    return head.rstrip(" ，、,;；:：—-") + "…"

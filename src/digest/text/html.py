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
_LONGEST_ADDRESS = 4_000
_HIGHEST_PORT = 65_535
_FULL_STOPS = ("。", "！", "？", "”", "」", "）")
_ENDS = ("。", "！", "？", "；", ". ", "! ", "? ")


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
    # No blank but U+0020 is printable.
    if "  " not in text and text.isprintable():
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
    if _MAIL.match(href):
        return href
    absolute = _absolute(href, base)
    found = _HTTP.match(absolute)
    host = _ascii_host(found[1]) if found and len(absolute) <= _LONGEST_ADDRESS else ""
    if not found or not host:
        return ""
    port = found[2] or ""
    if port and int(port[1:]) > _HIGHEST_PORT:
        return ""
    path, sharp, fragment = absolute[found.end() :].partition("#")
    scheme = absolute[: absolute.index(":")].lower()
    end = f"#{_percent_encode(fragment)}" if sharp else ""
    return f"{scheme}://{host}{port}{_percent_encode(path)}{end}"


def _absolute(href: str, base: str) -> str:
    """`href` resolved against `base`; empty for other schemes, bare fragments and broken addresses."""
    if not href or href[0] == "#":
        return ""
    # A browser drops line ends and tabs from an address before it looks for the scheme.
    scheme = _SCHEME.match("".join(href.split()) if " " in href else href)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return ""
    if scheme and href[scheme.end() :].startswith("//"):
        return href
    try:
        return urljoin(base, href) if base else ""
    except ValueError:
        return ""


def _ascii_host(host: str) -> str:
    """The host in ASCII, or empty if it is none."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return "" if ".." in host else host


def _percent_encode(part: str) -> str:
    if "%" in part:
        part = _BAD_PERCENT.sub("%25", part)
    if "#" in part:
        part = part.replace("#", "%23")
    return _UNSAFE.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8", "replace")), part)


def excerpt(text: str, length: int = 160) -> str:
    """About `length` characters of `text` on one line, cut behind a sentence where one ends
    in the last third, else between words, with an ellipsis. Chinese sentences join without a blank."""
    line = text[: length * 2]
    if "\n" in line:
        for mark in _FULL_STOPS:
            line = line.replace(mark + "\n", mark)
    line = " ".join(line.split())
    if len(line) <= length:
        return line
    head = line[:length]
    end = max(map(head.rfind, _ENDS))
    if end * 3 > length * 2:
        tail = head[end + 1 : end + 3]
        return head[: end + 1] + tail[: len(tail) - len(tail.lstrip("”’」』）)"))]
    if line[length].isascii() and line[length].isalnum() and head[-1].isascii():
        space = head.rfind(" ")
        if space * 3 > length * 2:
            head = head[:space]
    return head.rstrip(" ，、,;；:：—-") + "…"

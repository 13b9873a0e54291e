"""The outside of a file: front matter, epoch comment, linked heading, and what kind of body follows.

    file      = [ front matter ] [ comment ] [ heading separator ] body
    comment   = <!--1699433101000-->  or  <!--NaN-->
    heading   = [title](url)          the title may span lines and hold brackets and quotes
    separator = ------

Every part may be missing. The shape, not the file's name, decides whether a body is HTML:
scraped HTML never goes through Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from digest.loaders.frontmatter import split_front
from digest.text.html import escape

Form = Literal["html", "page", "markdown", "text"]

_COMMENT = re.compile(r"\s*<!--\s*(-?\d{9,14}|NaN)\s*-->[ \t]*\n?")
_HEADING = re.compile(
    r"\s*\[(.{0,1500}?)\]\(([^()\n]+(?:\([^()\n]*\)[^()\n]*)*)\)[ \t]*\n[ \t]*-{3,}[ \t]*(?:\n|\Z)", re.S
)
_PAGE = re.compile(
    r"\s*(?:<!--.{0,500}?-->\s*)*(?:<\?xml[^>]*>\s*)?(?:<!doctype\s+html|<html[\s>])", re.I | re.S
)
_TAG = re.compile(
    r"</?(?:p|div|br|hr|article|section|main|span|a|img|figure|h[1-6]|ul|ol|li|table|blockquote|b|strong|i|em|font|"
    r"iframe|video|audio|pre|center|header|footer|time|small|body|html|svg|noscript)\b[^<>]*>",
    re.I,
)
_BLOCK_TAG = re.compile(r"</(?:p|div|li|article|section|td)>|<br\b", re.I)
_WRAPPER = re.compile(r"\s*<div>\n([^<]*)\n</div>\s*\Z")
_DATE_ROW = re.compile(r"^date\s*:", re.M)
_LAST_YEAR = 2200
_DATE_LINE = re.compile(
    r"\A\s*((?:日期|发布时间|發布時間|Date|Published)\s*[：:]\s*[^\n<]{6,60}?)[ \t]*(?=\n|<br|<p|<div|\Z)",
    re.I,
)


class Envelope(NamedTuple):
    """A file taken apart. `comment` is the epoch comment's time; `line` the body's first line."""

    shape: str
    form: Form
    front: Mapping[str, Any]
    comment: datetime | None
    heading: str | None
    url: str
    body: str
    line: int
    faults: tuple[tuple[str, str, int], ...]  # code, message, line
    date_line: int = 0  # of the front matter's date, where it is not one YAML knows


def open_envelope(text: str, path: str) -> Envelope:
    """Take a decoded file apart. Never fails: what does not fit the grammar is body."""
    front, rest, line, fault, fault_line = split_front(text)
    faults: list[tuple[str, str, int]] = [("front-matter", fault, fault_line)] if fault else []
    parts = ["front matter"] if front else []
    offset = 0
    comment, found = None, _COMMENT.match(rest)
    if found:
        parts.append("comment")
        offset = found.end()
        if found[1] != "NaN":
            comment = _from_epoch(found[1])
            if comment is None:
                message = f"comment '{found[1]}' is no time (expected milliseconds since 1970); left out"
                faults.append(("date-bad", message, line))
    heading, url = None, ""
    found = _HEADING.match(rest, offset)
    if found:
        parts.append("heading")
        heading, url = found[1], found[2].strip()
        offset = found.end()
    body = rest[offset:] if offset else rest
    line += rest.count("\n", 0, offset)
    scraped = comment is not None or heading is not None
    form = _tell_form(body, path, scraped=scraped)
    wrapper = _WRAPPER.match(body) if scraped else None
    if form == "html" and not _TAG.search(wrapper[1] if wrapper else body):
        body = _plain_to_html(wrapper[1] if wrapper else body)
        parts.append("plain text")
    elif form == "html":
        body = _DATE_LINE.sub(r"<div>\1</div>", body, count=1)
        parts.append("HTML")
    else:
        parts.append({"page": "whole page", "markdown": "Markdown", "text": "plain text"}[form])
    date_line = 0
    if isinstance(front.get("date"), str) and (row := _DATE_ROW.search(text)):
        date_line = text.count("\n", 0, row.start()) + 1
    shape = " + ".join(parts)
    return Envelope(shape, form, front, comment, heading, url, body, line, tuple(faults), date_line)


def _from_epoch(digits: str) -> datetime | None:
    """Epoch milliseconds; ten digits or fewer are seconds."""
    value = int(digits) if len(digits.lstrip("-")) <= 10 else int(digits) // 1000
    try:
        moment = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 1970 < moment.year < _LAST_YEAR else None


def _tell_form(body: str, path: str, *, scraped: bool) -> Form:
    start = body[:2000]
    if _PAGE.match(start):
        return "page"
    if scraped:
        return "html"
    kind = path.rsplit(".", 1)[-1].lower()
    stripped = start.lstrip()
    if stripped.startswith("<") and (_TAG.match(stripped) or stripped.startswith("<!--")):
        return "html"
    if kind in ("html", "htm", "xhtml"):
        return "html"
    if len(_BLOCK_TAG.findall(body[:20_000])) >= 3:
        return "html"
    return "text" if kind == "txt" else "markdown"


def _plain_to_html(body: str) -> str:
    """Text without a tag, but perhaps with entities, to paragraphs."""
    return _paragraphs(body.replace("<", "&lt;").strip())


def text_to_html(text: str) -> str:
    """Plain text as HTML: paragraphs end at blank lines, or, where there are none, at every line."""
    return _paragraphs(escape(text.strip()))


def _paragraphs(text: str) -> str:
    if re.search(r"\n[ \t]*\n", text):
        parts = (part.strip().replace("\n", "<br>") for part in re.split(r"\n[ \t]*\n", text))
        return "".join(f"<p>{part}</p>" for part in parts if part)
    return "".join(f"<p>{line}</p>" for line in text.split("\n") if line.strip())

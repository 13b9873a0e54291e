"""Rules on text, applied to the blocks of an article: what is cut, and what is drawn from it.

The order matters and is always the same: whole blocks go first (so that promotion does not
hide the last line), then dates and bylines are drawn, then openings, ends and inline marks cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.loaders.blocks import Block
from digest.loaders.reading import AuthorFinder, DateFinder, Reading, StripText
from digest.text.dates import Moment, parse_date
from digest.text.html import bare

_RSS_FOOTER = re.compile(r"\A\s*获取更多RSS\s*[：:]")
_DATE_LINE = re.compile(
    r"\A(?:日期|发布时间|發布時間|Date|Published)\s*[：:]\s*([^\n]{6,60}?)\s*(?:\n|\Z)", re.I
)
_NO_WORD = re.compile(r"\W+")
_FIRST_TWO, _LAST_TWO = slice(2), slice(-2, None)
_OPENING_BLOCKS = 3
_BOLD = re.compile(r"\A\s*\*\*([^*]+)\*\*\s*\Z")


def text_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks that are running text."""
    return [block for block in blocks if block.kind == "text"]


def strip_common(blocks: Sequence[Block]) -> None:
    """The footer a feed proxy adds to the articles of many outlets."""
    footer = False
    for block in blocks[-6:]:
        if footer or (block.kind == "text" and "RSS" in block.text and _RSS_FOOTER.search(block.text)):
            footer = True
            if block.kind == "text":
                block.strip_all("feed-footer")


def strip_title(blocks: Sequence[Block], titles: Sequence[str]) -> None:
    """Headings, and the first block, that only repeat the title. A sentence is text: `…。` stays."""
    if not titles:
        return
    longest = 2 * max(map(len, titles)) + 20
    texts = text_blocks(blocks)[:4]
    likely = [b for i, b in enumerate(texts) if (i == 0 or b.tag in ("h1", "h2")) and len(b.text) < longest]
    if not likely:
        return
    wanted = {words for title in titles if (words := plain(title))}
    closed = any(title.rstrip().endswith("。") for title in titles)
    for block in likely:
        sentence = block.tag[0] != "h" and block.text.endswith("。") and not closed
        if not sentence and plain(block.text) in wanted:
            block.strip_all("title")


def plain(text: str) -> str:
    """The letters and digits alone: two headlines that agree in this form are one."""
    return _NO_WORD.sub("", text).casefold()


def strip_whole(blocks: Sequence[Block], reading: Reading) -> None:
    """Apply the rules for whole blocks; also those inline ones that happen to take a whole block."""
    texts = _with_text(blocks)
    for rule in reading.strip_blocks:
        if rule.kind == "after":
            _strip_after(blocks, rule)
            texts = _with_text(blocks)
            continue
        search = rule.search
        chosen = texts[:2] if rule.where == "first" else texts[-2:] if rule.where == "last" else texts
        if hits := [block for block, text in chosen if search(text)]:
            texts = _without(texts, hits, rule)
    for rule in reading.strip_parts:
        if rule.kind != "start":
            match = rule.pattern.fullmatch
            if hits := [block for block, text in texts if match(text)]:
                texts = _without(texts, hits, rule)


def _with_text(blocks: Sequence[Block]) -> list[tuple[Block, str]]:
    return [(block, block.text) for block in blocks if block.kind == "text"]


def _without(texts: list[tuple[Block, str]], hits: list[Block], rule: StripText) -> list[tuple[Block, str]]:
    """Strip the blocks that a rule hit; the texts that are left."""
    for block in hits:
        block.strip_all(rule.rule)
    return [pair for pair in texts if pair[0].kind == "text"]


def _strip_after(blocks: Sequence[Block], rule: StripText) -> None:
    reached = False
    for block in blocks:
        if block.kind == "text":
            if not reached and rule.pattern.search(block.text):
                reached = True
            if reached:
                block.strip_all(rule.rule)
        elif reached and block.kind != "stripped":
            block.strip_all(rule.rule)


def strip_parts(blocks: Sequence[Block], reading: Reading) -> None:
    """Apply the rules for parts of blocks, in the profile's order."""
    texts = _with_text(blocks)
    for rule in reading.strip_parts:
        if not texts:
            return
        search = rule.search
        hits = [block for block, text in texts if search(text)]
        if not hits:
            continue
        if rule.kind == "start":
            _cut_start(texts[0][0], rule)
        elif rule.kind == "end":
            _cut_end(texts[-1][0], rule)
        else:
            for block in hits:
                _cut_everywhere(block, rule)
        texts = _with_text(blocks)


def _cut_start(block: Block, rule: StripText) -> None:
    found = rule.pattern.match(block.text)
    if found and found.end():
        block.cut(0, found.end(), rule.rule)


def _cut_end(block: Block, rule: StripText) -> None:
    text = block.text
    for found in rule.pattern.finditer(text):
        if found.end() == len(text) and found.start() < found.end():
            block.cut(found.start(), found.end(), rule.rule)
            return


def _cut_everywhere(block: Block, rule: StripText) -> None:
    spans = [m.span() for m in rule.pattern.finditer(block.text) if m.end() > m.start()]
    for start, end in reversed(spans):
        block.cut(start, end, rule.rule)
        if block.kind != "text":
            return


def find_opening_dates(
    blocks: Sequence[Block], reading: Reading, better_than: int
) -> Iterator[tuple[int, Moment, str]]:
    """Dates by `opening` rules of a lower number than `better_than`: (rule, time, text)."""
    for date in reading.dates:
        if date.opening is None or date.number >= better_than:
            continue
        hit = _find_opening_date(text_blocks(blocks)[:_OPENING_BLOCKS], date)
        if hit:
            yield hit
            if not hit[1].day_only:
                return


def _find_opening_date(blocks: Sequence[Block], date: DateFinder) -> tuple[int, Moment, str] | None:
    if date.opening is None:
        return None
    for block in blocks:
        found = date.opening.search(block.text)
        if not found:
            continue
        wanted = found[1] if date.opening.groups else found[0]
        moment = parse_date(wanted or "", date.rule.format, date.zone)
        if moment is None:
            continue
        block.cut(found.start(), found.end(), "date")
        return date.number, Moment(moment.at, moment.day_only or date.rule.day_only), wanted
    return None


def find_date_line(blocks: Sequence[Block], zone: str) -> tuple[Moment, str] | None:
    """A first line `日期：…` or `Date: …`, in any outlet; it leaves the text."""
    for block in text_blocks(blocks)[:2]:
        found = _DATE_LINE.search(block.text)
        if not found:
            continue
        for pattern in ("rfc822", "iso"):
            moment = parse_date(found[1], pattern, zone)
            if moment:
                block.cut(found.start(), found.end(), "date")
                return moment, found[1]
    return None


def draw_authors(blocks: Sequence[Block], original: Sequence[Block], author: AuthorFinder) -> list[str]:
    """The texts in which an author rule finds names; with `strip` they leave the running text."""
    found: list[str] = []
    now = text_blocks(blocks)
    if author.block is not None:
        found.extend(_draw(original, author, author.block, every=True))
    for pattern, reach in ((author.opening, _FIRST_TWO), (author.closing, _LAST_TWO)):
        if pattern is not None:
            hits = _draw(now[reach], author, pattern)
            if not hits and now[reach] != original[reach]:
                hits = _draw(original[reach], author, pattern)
            found.extend(hits)
    return found


def _draw(
    blocks: Sequence[Block], author: AuthorFinder, pattern: re.Pattern[str], *, every: bool = False
) -> list[str]:
    found: list[str] = []
    for block in blocks:
        match = pattern.search(block.source or block.text)
        if not match:
            continue
        names = (match[1] if pattern.groups else match[0]) or ""
        found.append(names)
        if author.rule.strip and block.kind == "text":
            current = pattern.search(block.text)
            if current:
                block.cut(current.start(), current.end(), "byline")
        if not every:
            break
    return found


def raise_bold_headings(blocks: Sequence[Block]) -> None:
    """A paragraph `**words**` is a sub-heading; its asterisks are markup."""
    for block in text_blocks(blocks):
        text = block.text
        found = _BOLD.match(text) if "**" in text else None
        if found:
            block.cut(found.end(1), len(text), "markdown")
            if block.kind == "text":
                block.cut(0, found.start(1), "markdown")
                block.tag = "h3"


def is_truncated(blocks: Sequence[Block], pattern: re.Pattern[str]) -> bool:
    """Whether the outlet itself cut the text. The sign of it may stand in what the profile strips."""
    words = [block for block in blocks if block.kind in ("text", "stripped")]
    return any(pattern.search(block.text) for block in words[-5:])


def find_lead(blocks: Sequence[Block], candidates: Sequence[str]) -> str | None:
    """The candidate that is the whole of the first text blocks, as it stands there now."""
    texts = text_blocks(blocks)
    for candidate in candidates:
        wanted = bare(candidate)
        seen: list[str] = []
        size = 0
        for block in texts[:6]:
            source = bare(block.source or block.text)
            if not wanted.startswith(source, size):
                break
            size += len(source)
            seen.append(block.text)
            if size == len(wanted):
                return "\n".join(seen)
    return None

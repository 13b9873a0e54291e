"""The profile's CSS, run over the tree: fields are harvested, elements that are no text marked."""

from __future__ import annotations

from collections.abc import Iterator


from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.loaders.reading import AuthorFinder, DateFinder, Reading
from digest.loaders.tokens import mark
from digest.model import Link
from digest.text.dates import Moment, parse_date
from digest.text.html import bare, safe_link, squeeze

_INLINE_BOXES = ("small", "span", "i", "em", "b", "strong", "font")
_DATE_NODES = 8
_LEADS = 6


class Harvest:
    """What the CSS of a profile found in one article."""

    __slots__ = ("authors", "dates", "leads", "related", "tags", "unread_date")

    def __init__(self) -> None:
        self.dates: list[tuple[int, Moment, str]] = []  # rule number, time, text
        self.authors: list[tuple[int, str]] = []  # rule number, text
        self.leads: list[str] = []
        self.related: list[Link] = []
        self.tags: list[str] = []
        self.unread_date = ""


def harvest(tree: LexborHTMLParser, source: str, reading: Reading, base: str) -> Harvest:
    """Run every selector that can hit; mark what leaves the running text."""
    found = Harvest()
    for rule in reading.strip_css:
        for node in rule.selector.select(tree, source):
            if not (rule.unless and node.css_matches(rule.unless)) and (not rule.links_only or _only_links(node)):
                mark(node, rule.code)
    for date in reading.css_dates:
        _find_date(tree, source, date, found)
    for author in reading.css_authors:
        _find_authors(tree, source, author, found)
    for selector, code in reading.marks:
        for node in selector.select(tree, source):
            mark(node, code)
    for selector, code in reading.labels:
        for node in selector.select(tree, source):
            if not _inside_sentence(node):
                mark(node, code)
    if reading.lead:
        found.leads = [node_text(node) for node in reading.lead.select(tree, source)[:_LEADS]]
    if reading.tags:
        for node in reading.tags.select(tree, source):
            found.tags.append(squeeze(node.text(deep=True) or ""))
            mark(node, "t")
    if reading.related:
        for node in reading.related.select(tree, source):
            found.related.extend(_links_of(node, base))
    return found


def _links_of(node: LexborNode, base: str) -> Iterator[Link]:
    for anchor in [node] if node.tag == "a" else node.css("a[href]"):
        if href := safe_link(anchor.attributes.get("href") or "", base):
            yield Link(href, squeeze(anchor.text(deep=True) or ""))


def node_text(node: LexborNode) -> str:
    """The text of an element; a line break in it is a line end."""
    if node.css_first("br,p,div,li") is not None:
        lines = (squeeze(line) for line in (node.text(deep=True, separator="\n") or "").split("\n"))
        return "\n".join(line for line in lines if line)
    return squeeze(node.text(deep=True) or "")


def _find_date(tree: LexborHTMLParser, source: str, date: DateFinder, found: Harvest) -> None:
    if date.selector is None or any(not moment.day_only for _, moment, _ in found.dates):
        return
    for node in date.selector.select(tree, source)[:_DATE_NODES]:
        text = (node.attributes.get(date.rule.attr) or "") if date.rule.attr else node_text(node)
        wanted = text
        if date.match is not None:
            match = date.match.search(text)
            if not match:
                continue
            wanted = match[1] if match.re.groups else match[0]
        moment = parse_date(wanted, date.rule.format, date.zone)
        if moment is None:
            if date.match is not None or (sum(map(str.isdigit, wanted)) > 3 and len(wanted) < 60):
                found.unread_date = found.unread_date or wanted
            continue
        if date.rule.day_only:
            moment = Moment(moment.at, day_only=True)
        found.dates.append((date.number, moment, text))
        mark(node, "d")
        return


def _find_authors(tree: LexborHTMLParser, source: str, author: AuthorFinder, found: Harvest) -> None:
    if author.selector is None or (author.rule.fallback and found.authors):
        return
    for node in author.selector.select(tree, source):
        text = (node.attributes.get(author.rule.attr) or "") if author.rule.attr else node_text(node)
        if author.match is not None:
            match = author.match.search(text)
            text = ((match[1] if match.re.groups else match[0]) or "") if match else ""
        if not text.strip():
            continue
        found.authors.append((author.number, text))
        if author.rule.strip:
            mark(node, "b")


def _only_links(node: LexborNode) -> bool:
    words = bare(node.text(deep=True) or "")
    linked = "".join(bare(a.text(deep=True) or "") for a in node.css("a"))
    return bool(words) and words == linked


def _inside_sentence(node: LexborNode) -> bool:
    """An inline element with text around it is no caption."""
    parent = node.parent
    if node.tag not in _INLINE_BOXES or parent is None or parent.tag != "p":
        return False
    return (
        bare(parent.text(deep=True) or "") != bare(node.text(deep=True) or "")
        and parent.css_first("img") is None
    )


__all__ = ["Harvest", "harvest", "node_text"]

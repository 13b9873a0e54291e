"""The profile's CSS, run over the tree: fields are harvested, elements that are no text marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.loaders.reading import AuthorFinder, DateFinder, Reading
from digest.loaders.selectors import select
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


def harvest(  # noqa: C901, PLR0912 - one loop a purpose
    tree: LexborHTMLParser, source: str, reading: Reading, base: str, *, traced: bool = False
) -> Harvest:
    """Run every selector that can hit; mark what leaves the running text.

    Only where the reading is `traced` does each mark name its own strip rule; else most rules
    share one run of the selector engine.
    """
    found = Harvest()
    root = tree.root
    wanted = reading.css.scan(source)
    plain = [] if traced else [wanted[rule.number] for rule in reading.plain_strips if rule.number in wanted]
    for node in select(root, ",".join(plain)):
        mark(node, "s0")
    for rule in reading.strip_css if traced else reading.other_strips:
        for node in select(root, wanted.get(rule.number)):
            if rule.holds(node):
                mark(node, rule.code)
    for date, number in reading.css_dates:
        if all(moment.day_only for _, moment, _ in found.dates):
            _find_date(select(root, wanted.get(number))[:_DATE_NODES], date, found)
    for author, number in reading.css_authors:
        if not (author.rule.fallback and found.authors):
            _find_authors(select(root, wanted.get(number)), author, found)
    for number, code in reading.marks:
        for node in select(root, wanted.get(number)):
            mark(node, code)
    for number, code in reading.labels:
        for node in select(root, wanted.get(number)):
            if not _inside_sentence(node):
                mark(node, code)
    found.leads = [node_text(node) for node in select(root, wanted.get(reading.lead))[:_LEADS]]
    for node in select(root, wanted.get(reading.tags)):
        found.tags.append(squeeze(node.text(deep=True) or ""))
        mark(node, "t")
    for node in select(root, wanted.get(reading.related)):
        found.related.extend(_links_of(node, base))
    return found


def _links_of(node: LexborNode, base: str) -> Iterator[Link]:
    for anchor in [node] if node.tag == "a" else select(node, "a[href]"):
        if href := safe_link(anchor.attributes.get("href") or "", base):
            yield Link(href, squeeze(anchor.text(deep=True) or ""))


def node_text(node: LexborNode) -> str:
    """The text of an element; a line break in it is a line end."""
    child = node.first_child
    if child is None or (child.next is None and child.is_text_node):
        return squeeze(node.text(deep=True) or "")
    if any(inner.mem_id != node.mem_id for inner in select(node, "br,p,div,li")):
        lines = (squeeze(line) for line in (node.text(deep=True, separator="\n") or "").split("\n"))
        return "\n".join(line for line in lines if line)
    return squeeze(node.text(deep=True) or "")


def _find_date(nodes: Sequence[LexborNode], date: DateFinder, found: Harvest) -> None:
    for node in nodes:
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


def _find_authors(nodes: Sequence[LexborNode], author: AuthorFinder, found: Harvest) -> None:
    for node in nodes:
        text = (node.attributes.get(author.rule.attr) or "") if author.rule.attr else node_text(node)
        if author.match is not None:
            match = author.match.search(text)
            text = ((match[1] if match.re.groups else match[0]) or "") if match else ""
        if not text.strip():
            continue
        found.authors.append((author.number, text))
        if author.rule.strip:
            mark(node, "b")


def _inside_sentence(node: LexborNode) -> bool:
    """An inline element with text around it is no caption."""
    parent = node.parent
    if node.tag not in _INLINE_BOXES or parent is None or parent.tag != "p":
        return False
    return bare(parent.text(deep=True) or "") != bare(node.text(deep=True) or "") and not select(
        parent, "img"
    )


__all__ = ["Harvest", "harvest", "node_text"]

"""One scraped file to one `Version` and its `Body`: the order of reading."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from digest.errors import Problem
from digest.loaders.authors import find_authors
from digest.loaders.blocks import Block, Open
from digest.loaders.captions import Gallery, hang_pictures
from digest.loaders.emit import write_html
from digest.loaders.envelope import Envelope
from digest.loaders.frontmatter import as_list
from digest.loaders.marking import Harvest, harvest
from digest.loaders.notebook import Notebook
from digest.loaders.origin import Origin, body_markup, categories_of, find_origin, hooked
from digest.loaders.outline import Outline, build_outline
from digest.loaders.passes import (
    find_lead,
    is_truncated,
    raise_bold_headings,
    strip_common,
    strip_parts,
    strip_title,
    strip_whole,
    text_blocks,
)
from digest.loaders.pictures import original_address
from digest.loaders.pieces import list_pieces
from digest.loaders.reader import Reader
from digest.loaders.times import Times, find_times
from digest.loaders.titles import Title, clean_title, find_title
from digest.loaders.tokens import drop_forbidden, parse, serialise
from digest.model import Body, Link, Loaded, Picture, Trace, Version
from digest.permalinks import old_address
from digest.text.html import excerpt, unescape_text
from digest.text.script import tell_language

# Line ends that are none in HTML, and what is no character at all.
_ODD = {0x2028: " ", 0x2029: " ", 0xFFFE: None, 0xFFFF: None}
_NEWS = frozenset(("news", "posts", "articles", "uncategorized"))


class _Findings(NamedTuple):
    """All that was read of one article."""

    origin: Origin
    found: Harvest
    outline: Outline
    title: Title
    times: Times
    authors: tuple[str, ...]
    gallery: Gallery
    lead: str | None
    truncated: bool


def read_article(
    path: str, envelope: Envelope, reader: Reader, faults: Sequence[Problem] = (), *, traced: bool = False
) -> tuple[Loaded, Trace | None]:
    """Read one article; with `traced`, tell how. `faults` are those found before."""
    book = Notebook(path, traced=traced)
    book.problems.extend(faults)
    for code, message, line in envelope.faults:
        book.problem(code, message, line)
    html, head = body_markup(envelope)
    origin = find_origin(envelope, head, reader, book)
    strings: list[tuple[str, bool]] = []
    if origin.reading.profile.hook:
        html, strings = hooked(html, origin.reading, reader, book)
    findings = _read_body(html, envelope, origin, reader, book)
    loaded = _assemble(findings, envelope, reader, book)
    if book.origins is None:
        return loaded, None
    outlet = origin.outlet
    name = outlet.profile.slug if outlet.profile else "generic"
    pieces = list_pieces(findings.gallery.blocks, strings)
    return loaded, Trace(envelope.shape, name, outlet.why, tuple(book.origins), pieces)


def _read_body(html: str, envelope: Envelope, origin: Origin, reader: Reader, book: Notebook) -> _Findings:
    reading, link = origin.reading, origin.link
    tree, verbatim = parse(html, whole=envelope.form == "page")
    found = harvest(tree, html, reading, link, traced=book.origins is not None)
    markup = serialise(tree, verbatim=verbatim)
    if "&#" in html:
        markup = drop_forbidden(markup)
    outline = build_outline(markup, reading.plan, link, verbatim=verbatim)
    blocks = outline.blocks
    title = find_title(envelope, origin, blocks, book)
    strip_common(blocks)
    strip_title(blocks, title.repeats)
    original = text_blocks(blocks)
    truncated = reading.truncated is not None and is_truncated(blocks, reading.truncated)
    if reading.profile.bare_excerpt and envelope.shape.endswith("plain text"):
        truncated = True
    strip_whole(blocks, reading)
    times = find_times(envelope, origin, found, blocks, book)
    authors = find_authors(envelope, origin, found, blocks, original, reader.outlets.is_outlet, book)
    strip_parts(blocks, reading)
    if reading.profile.markdown_bold:
        raise_bold_headings(blocks)
    gallery = hang_pictures(blocks, reading, link, title.repeats)
    lead = find_lead(gallery.blocks, found.leads) if found.leads else None
    return _Findings(origin, found, outline, title, times, authors, gallery, lead, truncated)


def _write_body(gallery: Gallery) -> tuple[Body, tuple[str, ...]]:
    """The body, without the lead picture, and the links that go out of its text."""
    hero = gallery.pictures[gallery.hero][0] if gallery.hero >= 0 else None
    shown = [b for b in gallery.blocks if b is not hero and b.kind not in ("stripped", "caption", "credit")]
    _drop_outer_rules(shown)
    html = write_html(shown, gallery.shown)
    text = "\n".join([b.text for b in gallery.blocks if b.kind == "text"])
    if any(char in html for char in "\u2028\u2029\ufffe\uffff"):
        html, text = html.translate(_ODD), text.translate(_ODD)
    links: dict[str, None] = {}
    if "<a href" in html:
        for block in gallery.blocks:
            if block.kind == "text":
                for part in block.parts:
                    if type(part) is Open and part.tag == "a":
                        links.setdefault(unescape_text(part.html[9:-2]))
    return Body(html, text), tuple(links)


def _drop_outer_rules(blocks: list[Block]) -> None:
    """Rules at both ends and doubled ones part nothing from nothing."""
    while blocks and blocks[-1].kind == "rule":
        del blocks[-1]
    while blocks and blocks[0].kind == "rule":
        del blocks[0]
    if any(b.kind == "rule" for b in blocks):
        blocks[:] = [b for i, b in enumerate(blocks) if b.kind != "rule" or blocks[i - 1].kind != "rule"]


def _assemble(findings: _Findings, envelope: Envelope, reader: Reader, book: Notebook) -> Loaded:
    origin, title, times = findings.origin, findings.title, findings.times
    body, links = _write_body(findings.gallery)
    hero, pictures = _pictures(findings)
    if not body.text and not pictures:
        book.problem("text-missing", "no text and no picture in the body")
    digest = blake2b(body.html.encode("utf-8", "replace"), digest_size=16)
    digest.update(b"\0" + body.text.encode("utf-8", "replace"))
    version = Version(
        path=book.path,
        source=origin.outlet.slug,
        key=origin.key,
        link=origin.link,
        title=title.title,
        lang=tell_language(body.text or title.title, origin.reading.profile.language),
        body=digest.hexdigest(),
        excerpt=excerpt(body.text),
        size=len(body.text),
        kicker=title.kicker,
        authors=findings.authors,
        published=times.published,
        day_only=times.day_only,
        fetched=times.fetched,
        lead=findings.lead,
        hero=hero,
        images=pictures,
        links=links,
        related=_related(findings),
        tags=_tags(findings, envelope),
        sections=_sections(origin, envelope),
        assets=tuple(p.url for p in pictures if "://" not in p.url),
        truncated=findings.truncated,
        problems=tuple(book.problems),
        former=old_address(book.path, envelope.front, reader.permalinks) if reader.permalinks else "",
    )
    return Loaded(version, body)


def _pictures(findings: _Findings) -> tuple[Picture | None, tuple[Picture, ...]]:
    """The lead picture and all pictures in order, each address once. A whole page's head may name
    a lead picture its body does not show."""
    gallery, head = findings.gallery, findings.origin.head
    first: dict[str, Picture] = {}
    for _, picture in gallery.pictures:
        first.setdefault(picture.url, picture)
    if gallery.hero >= 0:
        return gallery.pictures[gallery.hero][1], tuple(first.values())
    url = original_address(head.picture, findings.origin.link) if head.picture else ""
    if "://" not in url:
        return None, tuple(first.values())
    hero = first.pop(url, None) or Picture(url)
    return hero, (hero, *first.values())


def _related(findings: _Findings) -> tuple[Link, ...]:
    first: dict[str, Link] = {}
    for link in findings.found.related:
        first.setdefault(link.url, link)
    for url in findings.outline.empty_links:
        first.setdefault(url, Link(url))
    first.pop(findings.origin.link, None)
    return tuple(first.values())


def _tags(findings: _Findings, envelope: Envelope) -> tuple[str, ...]:
    front, outlet = envelope.front, findings.origin.outlet
    names = (*as_list(front.get("tags") or front.get("tag") or front.get("keywords")), *findings.found.tags)
    cleaned = (clean_title(name).lstrip("#") for name in names if not outlet.owns(name))
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _sections(origin: Origin, envelope: Envelope) -> tuple[str, ...]:
    outlet = origin.outlet
    names = categories_of(envelope) or as_list(envelope.front.get("section"))
    kept = [n for n in names if n.lower() not in _NEWS and not outlet.owns(n)]
    return tuple(dict.fromkeys((origin.section, *kept) if origin.section else kept))

"""One scraped file to one `Version` and its `Body`: the order of reading, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from digest.errors import Problem
from digest.ids import decoded
from digest.loaders.blocks import Block, Open
from digest.loaders.captions import Gallery, hang_pictures
from digest.loaders.emit import write_html
from digest.loaders.envelope import Envelope, front_time, text_to_html
from digest.loaders.fields import Times, Title, choose_title, clean_authors, clean_title, settle_times, split_kicker
from digest.loaders.frontmatter import as_list, as_text
from digest.loaders.hook import HookError, load_hook, run_hook
from digest.loaders.marking import Harvest, harvest
from digest.loaders.outline import build_outline
from digest.loaders.outlets import Outlet
from digest.loaders.pagehead import Head, read_head
from digest.loaders.passes import (
    find_authors,
    find_date_line,
    find_lead,
    find_opening_dates,
    is_truncated,
    raise_bold_headings,
    strip_common,
    strip_parts,
    strip_title,
    strip_whole,
    text_blocks,
)
from digest.loaders.pictures import original_address
from digest.loaders.reader import Reader
from digest.loaders.reading import Reading
from digest.loaders.repair import repair
from digest.loaders.tokens import drop_forbidden, parse, serialise
from digest.model import Body, Link, Loaded, Picture, Piece, Trace, Version
from digest.text.dates import Moment, parse_date
from digest.text.html import bare, excerpt, squeeze, unescape_text
from digest.text.script import tell_language

_URL_FIELDS = ("from", "link", "url", "source_url", "original", "canonical", "permalink")
_NEWS = frozenset(("news", "posts", "articles", "uncategorized"))
_NO_HEAD = Head()


class Article:
    """The reading of one file, step by step. `notes` collects where each field came from, if traced."""

    def __init__(self, path: str, envelope: Envelope, reader: Reader, *, traced: bool) -> None:
        self.path = path
        self.envelope = envelope
        self.reader = reader
        self.notes: list[tuple[str, str]] | None = [] if traced else None
        self.problems: list[Problem] = [Problem(c, m, path, line) for c, m, line in envelope.faults]
        self.lost: list[tuple[str, bool]] = []
        self.derived_title = False

    def note(self, field: str, origin: str) -> None:
        """Remember where a field came from."""
        if self.notes is not None:
            self.notes.append((field, origin))

    def problem(self, code: str, message: str, line: int = 0) -> None:
        """Report a fault that was worked around."""
        self.problems.append(Problem(code, message, self.path, line))

    # The steps ----------------------------------------------------------------------------

    def read(self) -> tuple[Loaded, Trace | None]:
        """Read the whole article."""
        envelope = self.envelope
        html, head = self._source_html()
        outlet, reading, link, key, section = self._find_outlet(head)
        if reading.profile.hook:
            html = self._run_hook(html, reading)
        tree, verbatim = parse(html, whole=envelope.form == "page")
        found = harvest(tree, html, reading, link)
        markup = serialise(tree, verbatim=verbatim)
        if "&#" in html:
            markup = drop_forbidden(markup)
        outline = build_outline(markup, reading.plan, link, verbatim=verbatim)
        blocks = outline.blocks
        title = self._find_title(reading, head, blocks)
        titles = tuple(dict.fromkeys((title.printed, title.title, clean_title(as_text(envelope.front.get("title"))))))
        strip_common(blocks)
        if not self.derived_title:
            strip_title(blocks, titles)
        original = text_blocks(blocks)
        truncated = reading.truncated is not None and is_truncated(blocks, reading.truncated)
        strip_whole(blocks, reading)
        times = self._find_times(reading, head, found, blocks, link)
        authors = self._find_authors(reading, head, found, blocks, original)
        strip_parts(blocks, reading)
        if reading.profile.markdown_bold:
            raise_bold_headings(blocks)
        gallery = hang_pictures(blocks, reading, link, titles)
        lead = find_lead(gallery.blocks, found.leads) if found.leads else None
        if reading.profile.bare_excerpt and envelope.shape.endswith("plain text"):
            truncated = True
        body, links = self._write(gallery)
        return self._assemble(
            outlet, reading, link, key, section, head, title, times, authors, lead, gallery, body, links, found,
            outline.empty_links, truncated,
        )  # fmt: skip

    def _source_html(self) -> tuple[str, Head]:
        envelope = self.envelope
        if envelope.form == "markdown":
            from digest.loaders.markdown import markdown_to_html

            return markdown_to_html(envelope.body), _NO_HEAD
        if envelope.form == "text":
            return text_to_html(envelope.body), _NO_HEAD
        html = repair(envelope.body)
        if envelope.form == "page":
            from selectolax.lexbor import LexborHTMLParser

            return html, read_head(LexborHTMLParser(html))
        return html, _NO_HEAD

    def _find_outlet(self, head: Head) -> tuple[Outlet, Reading, str, str, str]:
        front = self.envelope.front
        link = self.envelope.url or next((as_text(front[f]) for f in _URL_FIELDS if front.get(f)), "") or head.url
        categories = as_list(front.get("categories") or front.get("category"))
        outlet = self.reader.outlets.find(categories, link, self.path)
        reading = self.reader.reading(outlet)
        address = self.reader.outlets.addresses.read(link, outlet.slug) if link else None
        if address is None:
            self.note("key", "the file's path")
            return outlet, reading, "", f"path:{self.path}", ""
        self.note("link", "heading" if self.envelope.url else "front matter" if not head.url else "page head")
        self.note("key", "article key of the outlet" if address.key.startswith("key:") else "canonical URL")
        return outlet, reading, address.canonical, address.key, address.section

    def _run_hook(self, html: str, reading: Reading) -> str:
        name = reading.profile.hook
        root = self.reader.root
        if root is None:
            self.problem("hook", f"hook '{name}' was not run: there is no site folder")
            return html
        try:
            html, self.lost = run_hook(load_hook(name, root), html, name)
        except HookError as error:
            self.problem("hook", f"{error} ({error.where}); read without it")
        return html

    def _find_title(self, reading: Reading, head: Head, blocks: Sequence[Block]) -> Title:
        front = as_text(self.envelope.front.get("title"))
        raw = choose_title(front, self.envelope.heading)
        origin = "heading" if self.envelope.heading and raw != clean_title(front) else "front matter"
        if not raw:
            headings = [b.text for b in blocks if b.kind == "text" and b.tag == "h1"]
            raw, origin = clean_title(headings[0]) if headings else "", "first heading"
        if not raw:
            raw, origin = clean_title(head.title), "page head"
        if not raw:
            raw, origin = self._title_from_text(blocks), "first words of the text"
        self.note("title", origin)
        return split_kicker(raw, reading)

    def _title_from_text(self, blocks: Sequence[Block]) -> str:
        texts = [squeeze(b.text) for b in blocks if b.kind == "text"]
        headings = [squeeze(b.text) for b in blocks if b.kind == "text" and b.tag[0] == "h"]
        first = next((t for t in (*headings[:1], *texts) if len(t) > 3), "")
        title = excerpt(first, 40)
        self.derived_title = True
        self.problem("title-missing", f"no title (expected in heading or front matter); used '{title or self.path}'")
        return title or self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0] or self.path

    def _find_times(
        self, reading: Reading, head: Head, found: Harvest, blocks: Sequence[Block], link: str
    ) -> Times:
        envelope, profile = self.envelope, reading.profile
        front = envelope.front
        stamp, is_day, odd = front_time(front.get("date") or front.get("published"))
        if odd:
            moment = parse_date(odd, "iso", profile.timezone) or parse_date(odd, "rfc822", profile.timezone)
            if moment:
                stamp, is_day = moment
            else:
                self.problem("date-bad", f"date '{odd[:40]}' is no date (expected YYYY-MM-DD or RFC 3339); left out", 1)
        elif is_day and stamp is not None:
            moment = parse_date(f"{stamp:%Y-%m-%d}", "iso", profile.timezone)
            stamp = moment.at if moment else stamp
        hits = list(found.dates)
        timed = min((n for n, moment, _ in hits if not moment.day_only), default=len(reading.dates) + 1)
        hits.extend(find_opening_dates(blocks, reading, timed))
        hits.sort(key=lambda hit: hit[0])
        times = [(f"date rule {n}: {text}, {_zone(reading, n)}", moment) for n, moment, text in hits]
        line = find_date_line(blocks, profile.timezone) if not times and envelope.comment is None else None
        if line:
            times.append((f"date line: {line[1]}", line[0]))
        if head.published and (moment := parse_date(head.published, "iso", profile.timezone)):
            times.append((f"page head: {head.published}", moment))
        settled = settle_times(times, envelope.comment, (stamp, is_day), lambda: _url_date(reading, link), reading)
        for code, message in settled.faults:
            self.problem(code, message, 1)
        if found.unread_date and not times:
            self.problem("date-bad", f"date '{found.unread_date[:40]}' is not as the profile says; used {settled.origin or 'none'}")
        if settled.published is None:
            self.problem("date-missing", "no date found (expected in body, comment, front matter or address); undated")
        self.note("published", settled.origin or "none")
        self.note("fetched", settled.fetched_origin or "none")
        return settled

    def _find_authors(
        self, reading: Reading, head: Head, found: Harvest, blocks: Sequence[Block], original: Sequence[Block]
    ) -> tuple[str, ...]:
        texts: list[tuple[Any, str]] = []
        front = as_list(self.envelope.front.get("author") or self.envelope.front.get("authors"))
        for finder in reading.authors:
            if finder.rule.fallback and texts:
                continue
            hits = [text for number, text in found.authors if number == finder.number]
            hits.extend(find_authors(blocks, original, finder))
            if finder.rule.front:
                hits.extend(front)
            texts.extend((finder, hit) for hit in hits if hit)
            if hits:
                self.note("authors", f"author rule {finder.number}: {'; '.join(hits)}")
        if not reading.authors and front:
            texts.extend((None, name) for name in front)
            self.note("authors", "front matter")
        if not texts and head.author:
            texts.extend((None, name) for name in head.author)
            self.note("authors", "page head")
        return clean_authors(texts, self.reader.outlets.is_outlet) if texts else ()

    def _write(self, gallery: Gallery) -> tuple[Body, tuple[str, ...]]:
        blocks = gallery.blocks
        hero = gallery.pictures[gallery.hero][0] if gallery.hero >= 0 else None
        shown = [b for b in blocks if b is not hero and b.kind not in ("stripped", "caption", "credit")]
        _drop_outer_rules(shown)
        html = write_html(shown, gallery.shown)
        text = "\n".join([b.text for b in blocks if b.kind == "text"])
        links: dict[str, None] = {}
        if "<a href" in html:
            for block in blocks:
                if block.kind == "text":
                    for part in block.parts:
                        if type(part) is Open and part.tag == "a":
                            links.setdefault(unescape_text(part.html[9:-2]))
        return Body(html, text), tuple(links)

    def _assemble(
        self, outlet: Outlet, reading: Reading, link: str, key: str, section: str, head: Head, title: Title,
        times: Times, authors: tuple[str, ...], lead: str | None, gallery: Gallery, body: Body,
        links: tuple[str, ...], found: Harvest, empty_links: Sequence[str], truncated: bool,
    ) -> tuple[Loaded, Trace | None]:  # fmt: skip
        hero = gallery.pictures[gallery.hero][1] if gallery.hero >= 0 else self._head_picture(head, link)
        images = {picture.url: picture for _, picture in reversed(gallery.pictures)}
        ordered = dict.fromkeys(picture.url for _, picture in gallery.pictures)
        pictures = tuple(images[url] for url in ordered)
        if hero and hero.url not in ordered:
            pictures = (hero, *pictures)
        if not body.text and not pictures:
            self.problem("text-missing", "no text and no picture in the body")
        related = {x.url: x for x in reversed((*found.related, *(Link(url) for url in empty_links))) if x.url != link}
        version = Version(
            path=self.path,
            source=outlet.slug,
            key=key,
            link=link,
            title=title.title,
            lang=tell_language(body.text or title.title, reading.profile.language),
            body=blake2b(f"{body.html}\0{body.text}".encode("utf-8", "replace"), digest_size=16).hexdigest(),
            excerpt=excerpt(body.text),
            size=len(body.text),
            kicker=title.kicker,
            authors=authors,
            published=times.published,
            day_only=times.day_only,
            fetched=times.fetched,
            lead=lead,
            hero=hero,
            images=pictures,
            links=links,
            related=tuple(reversed(related.values())),
            tags=self._tags(outlet, found),
            sections=self._sections(outlet, section),
            assets=tuple(p.url for p in pictures if "://" not in p.url),
            truncated=truncated,
            problems=tuple(self.problems),
        )
        trace = None
        if self.notes is not None:
            pieces = [Piece(k, t, r) for b in gallery.blocks for k, t, r in b.pieces()]  # type: ignore[arg-type]
            pieces = _with_lost(pieces, self.lost)
            name = outlet.profile.slug if outlet.profile else "generic"
            trace = Trace(self.envelope.shape, name, outlet.why, tuple(self.notes), tuple(pieces))
        return Loaded(version, body), trace

    def _head_picture(self, head: Head, link: str) -> Picture | None:
        url = original_address(head.picture, link) if head.picture else ""
        return Picture(url) if "://" in url else None

    def _tags(self, outlet: Outlet, found: Harvest) -> tuple[str, ...]:
        front = self.envelope.front
        names = (*as_list(front.get("tags") or front.get("tag") or front.get("keywords")), *found.tags)
        cleaned = (clean_title(name).lstrip("#") for name in names)
        return tuple(dict.fromkeys(n for n in cleaned if n and not outlet.owns(n)))

    def _sections(self, outlet: Outlet, section: str) -> tuple[str, ...]:
        front = self.envelope.front
        names = as_list(front.get("categories") or front.get("category") or front.get("section"))
        kept = (n for n in names if n.lower() not in _NEWS and not outlet.owns(n))
        return tuple(dict.fromkeys((section, *kept) if section else kept))


def _zone(reading: Reading, number: int) -> str:
    return reading.dates[number - 1].zone


def _url_date(reading: Reading, link: str) -> tuple[str, Moment] | None:
    if not link:
        return None
    for date in reading.dates:
        if date.url is not None and (found := date.url.search(decoded(link))):
            wanted = (found[1] if date.url.groups else found[0]) or ""
            moment = parse_date(wanted, date.rule.format, date.zone)
            if moment:
                return f"address: {wanted}", Moment(moment.at, moment.day_only or date.rule.day_only)
    return None


def _drop_outer_rules(blocks: list[Block]) -> None:
    """Rules at both ends and doubled ones part nothing from nothing."""
    while blocks and blocks[-1].kind == "rule":
        del blocks[-1]
    while blocks and blocks[0].kind == "rule":
        del blocks[0]
    if any(b.kind == "rule" for b in blocks):
        blocks[:] = [b for i, b in enumerate(blocks) if b.kind != "rule" or blocks[i - 1].kind != "rule"]


def _with_lost(pieces: list[Piece], strings: Sequence[tuple[str, bool]]) -> list[Piece]:
    """The pieces with what a hook removed put back at its place, as stripped."""
    if all(alive for _, alive in strings):
        return pieces
    out: list[Piece] = []
    rest = list(reversed(pieces))
    for text, alive in strings:
        if not alive:
            if bare(text):
                out.append(Piece("stripped", text, "hook"))
            continue
        wanted = len(bare(text))
        while wanted and rest:
            piece = rest.pop()
            size = len(bare(piece.text))
            if size > wanted:
                cut = _position(piece.text, wanted)
                rest.append(Piece(piece.kind, piece.text[cut:], piece.rule))
                piece = Piece(piece.kind, piece.text[:cut], piece.rule)
                size = wanted
            out.append(piece)
            wanted -= size
    return [*out, *reversed(rest)]


def _position(text: str, count: int) -> int:
    """The index behind the `count`-th character that is no blank."""
    for i, char in enumerate(text):
        if not char.isspace():
            count -= 1
            if count == 0:
                return i + 1
    return len(text)




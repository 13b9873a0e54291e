"""Where an article comes from: its markup, its outlet, its address and its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from digest.loaders.envelope import Envelope, text_to_html
from digest.loaders.frontmatter import as_list, as_text
from digest.loaders.hook import HookError, load_hook, run_hook
from digest.loaders.notebook import Notebook
from digest.loaders.outlets import Outlet
from digest.loaders.pagehead import Head, read_head
from digest.loaders.reader import Reader
from digest.loaders.reading import Reading
from digest.loaders.repair import repair

_URL_FIELDS = ("from", "link", "url", "source_url", "original", "canonical", "permalink")
_NO_HEAD = Head()


class Origin(NamedTuple):
    """The outlet and how it is read, the article's canonical address (or empty), its version key,
    the outlet's section, and the head of a whole page."""

    outlet: Outlet
    reading: Reading
    link: str
    key: str
    section: str
    head: Head


def body_markup(envelope: Envelope) -> tuple[str, Head]:
    """The body as HTML, whatever it was written in, and the head of a whole page."""
    if envelope.form == "markdown":
        from digest.loaders.markdown import markdown_to_html  # noqa: PLC0415 - scraped articles need none

        return markdown_to_html(envelope.body), _NO_HEAD
    if envelope.form == "text":
        return text_to_html(envelope.body), _NO_HEAD
    html = repair(envelope.body)
    return html, read_head(LexborHTMLParser(html)) if envelope.form == "page" else _NO_HEAD


def find_origin(envelope: Envelope, head: Head, reader: Reader, book: Notebook) -> Origin:
    """Tell the outlet, and the article by its address."""
    front = envelope.front
    link = envelope.url or next((url for f in _URL_FIELDS if (url := _address_in(front, f))), "")
    where = "heading" if envelope.url else "front matter" if link else "page head"
    link = link or head.url
    outlet = reader.outlets.find(categories_of(envelope), link, book.path)
    reading = reader.reading(outlet)
    address = reader.outlets.addresses.read(link, outlet.slug) if link else None
    if address is None:
        if link:
            book.problem("link-bad", f"address '{link[:60]}' is none (expected http or https); left out")
        book.note("key", "the file's path")
        return Origin(outlet, reading, "", f"path:{book.path}", "", head)
    book.note("link", where)
    book.note("key", "article key of the outlet" if address.key.startswith("key:") else "canonical URL")
    return Origin(outlet, reading, address.canonical, address.key, address.section, head)


def _address_in(front: Mapping[str, Any], field: str) -> str:
    """The address in a field of the front matter. A `permalink` without a host is the place that Jekyll
    was told to put the post at, and no original."""
    text = as_text(front.get(field))
    return "" if field == "permalink" and "://" not in text else text


def categories_of(envelope: Envelope) -> tuple[str, ...]:
    """The categories of the front matter."""
    return as_list(envelope.front.get("categories") or envelope.front.get("category"))


def hooked(html: str, reading: Reading, reader: Reader, book: Notebook) -> tuple[str, list[tuple[str, bool]]]:
    """The markup after the profile's hook, and the strings before it with whether they are still there."""
    name = reading.profile.hook
    if reader.root is None:
        book.problem("hook", f"hook '{name}' was not run: there is no site folder")
        return html, []
    try:
        return run_hook(load_hook(name, reader.root), html, name)
    except HookError as error:
        book.problem("hook", f"{error} ({error.where}); read without it")
        return html, []

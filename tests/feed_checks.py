"""What is wrong with a feed, a subscription list or a sitemap, by the letter of its format.

Every function lists the faults it finds, each in a few words; an empty list is a pass.
"""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_TAG_URI = re.compile(
    r"^tag:[A-Za-z0-9](?:[A-Za-z0-9.@-]*[A-Za-z0-9])?,\d{4}(?:-\d\d){0,2}:[\w\-.~%!$&'()*+,;=:@/?]+$", re.A
)
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$")
_LOADED = re.compile(r"<[a-z][^>]*\s(?:src|srcset|poster|data)\s*=", re.I)


def atom_faults(data: bytes, site: str = "") -> list[str]:
    """RFC 4287: the grammar, feedparser's opinion, and what a grammar cannot say.

    `site` is the site's absolute URL, or empty where it has none. Only a picture of the
    site's own may be loaded.
    """
    try:
        feed = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    grammar = _grammar()
    found = [] if grammar.validate(feed) else [f"grammar: {entry.message}" for entry in grammar.error_log]
    parsed = _parse(data)
    if parsed.bozo:
        found.append(f"feedparser: {parsed.bozo_exception!r}")
    entries = feed.findall(f"{ATOM}entry")
    if len(parsed.entries) != len(entries):
        found.append(f"feedparser reads {len(parsed.entries)} of {len(entries)} entries")
    if feed.find(f"{ATOM}author") is None and any(entry.find(f"{ATOM}author") is None for entry in entries):
        found.append("an entry without an author in a feed without one")
    ids = [element.text or "" for element in (feed.find(f"{ATOM}id"), *feed.findall(f"{ATOM}entry/{ATOM}id"))]
    found += (f"id {each!r} is no tag: URI" for each in ids if not _TAG_URI.match(each))
    found += (f"id {each} stands twice" for each in _doubles(ids))
    stamps = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    if entries and feed.findtext(f"{ATOM}updated") != max(stamps):
        found.append("the feed's updated is not that of its newest entry")
    found += chain.from_iterable(_entry_faults(entry, site) for entry in entries)
    return found


def _entry_faults(entry: Any, site: str) -> Iterator[str]:
    name = entry.findtext(f"{ATOM}id")
    alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    if len(alternates) != 1:
        yield f"{name}: {len(alternates)} alternate links"
    if site and not all(link.get("href", "").startswith(f"{site}/") for link in alternates):
        yield f"{name}: its page is not on {site}"
    if entry.get(XML_LANG) not in ("zh-Hans", "zh-Hant", "en"):
        yield f"{name}: no language"
    for part in ("title", "content"):
        if not entry.findtext(f"{ATOM}{part}", "").strip():
            yield f"{name}: empty {part}"
    yield from _foreign_faults(name, entry.findtext(f"{ATOM}content", ""), site)


def _foreign_faults(name: str, html: str, site: str) -> Iterator[str]:
    for found in _LOADED.finditer(html):
        tag = html[found.start() : html.find(">", found.end()) + 1]
        if not site or f'src="{site}/' not in tag:
            yield f"{name}: loads {tag}"


def json_feed_faults(data: bytes, site: str = "") -> list[str]:
    """JSON Feed 1.1, rule by rule: what is required, of which type, and what 1.1 deprecates."""
    try:
        feed = json.loads(data.decode("utf-8"))
    except ValueError as error:
        return [f"not JSON in UTF-8: {error}"]
    if not isinstance(feed, dict):
        return ["not an object"]
    found = list(_typed(feed, _FEED, "feed"))
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        found.append(f"version {feed.get('version')!r}")
    if site:
        addresses = {key: str(feed.get(key, "")) for key in ("feed_url", "home_page_url")}
        found += (
            f"{key} {url!r} is not on {site}"
            for key, url in addresses.items()
            if not url.startswith(f"{site}/")
        )
    items = [item for item in feed.get("items", ()) if isinstance(item, dict)]
    for item in items:
        found += _item_faults(item, site)
    found += (f"id {each} stands twice" for each in _doubles([str(item.get("id")) for item in items]))
    return found


_FEED: dict[str, tuple[type, bool]] = {
    "version": (str, True),
    "title": (str, True),
    "home_page_url": (str, False),
    "feed_url": (str, False),
    "description": (str, False),
    "user_comment": (str, False),
    "next_url": (str, False),
    "icon": (str, False),
    "favicon": (str, False),
    "authors": (list, False),
    "language": (str, False),
    "expired": (bool, False),
    "hubs": (list, False),
    "items": (list, True),
}
_ITEM: dict[str, tuple[type, bool]] = {
    "id": (str, True),
    "url": (str, False),
    "external_url": (str, False),
    "title": (str, False),
    "content_html": (str, False),
    "content_text": (str, False),
    "summary": (str, False),
    "image": (str, False),
    "banner_image": (str, False),
    "date_published": (str, False),
    "date_modified": (str, False),
    "authors": (list, False),
    "tags": (list, False),
    "language": (str, False),
    "attachments": (list, False),
}
_AUTHOR: dict[str, tuple[type, bool]] = {"name": (str, False), "url": (str, False), "avatar": (str, False)}


def _item_faults(item: dict[str, Any], site: str) -> Iterator[str]:
    name = item.get("id")
    yield from _typed(item, _ITEM, f"item {name}")
    if not _TAG_URI.match(str(name)):
        yield f"id {name!r} is no tag: URI"
    if not (item.get("content_html") or item.get("content_text")):
        yield f"item {name}: no content"
    for key in ("date_published", "date_modified"):
        if key in item and not _MOMENT.match(str(item[key])):
            yield f"item {name}: {key} {item[key]!r}"
    if site and not str(item.get("url", "")).startswith(f"{site}/"):
        yield f"item {name}: its page is not on {site}"
    if "external_url" in item and not urlsplit(str(item["external_url"])).netloc:
        yield f"item {name}: external_url {item['external_url']!r}"
    if not all(isinstance(tag, str) for tag in item.get("tags", ())):
        yield f"item {name}: a tag that is no string"
    yield from _foreign_faults(str(name), str(item.get("content_html", "")), site)


def _typed(value: dict[str, Any], fields: dict[str, tuple[type, bool]], what: str) -> Iterator[str]:
    for key, (kind, required) in fields.items():
        if key in value:
            if not isinstance(value[key], kind):
                yield f"{what}: {key} is no {kind.__name__}"
        elif required:
            yield f"{what}: no {key}"
    # Custom keys begin with an underscore; `author` is what 1.1 deprecates.
    yield from (f"{what}: unknown {key}" for key in value if key not in fields and not key.startswith("_"))
    for author in value.get("authors", ()):
        if not isinstance(author, dict) or not author:
            yield f"{what}: an author without a name"
        else:
            yield from _typed(author, _AUTHOR, f"{what}: author")


def opml_faults(data: bytes) -> list[str]:
    """OPML 2.0: version, head and body once each, outlines with words, subscriptions with addresses."""
    try:
        opml = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    found = []
    if opml.tag != "opml" or opml.get("version") != "2.0":
        found.append("not OPML 2.0")
    if [child.tag for child in opml] != ["head", "body"]:
        found.append("not one head and one body")
    outlines = opml.findall("body//outline")
    if not outlines:
        found.append("no outline")
    for outline in outlines:
        if not outline.get("text"):
            found.append("an outline without text")
        if outline.get("type") == "rss" and not outline.get("xmlUrl"):
            found.append(f"{outline.get('text')}: no xmlUrl")
    return found


def sitemap_faults(data: bytes, site: str) -> list[str]:
    """sitemaps.org 0.9: a `urlset` or `sitemapindex` of at most 50,000 addresses on `site`, none twice."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    row = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}.get(root.tag)
    if row is None:
        return [f"root {root.tag}"]
    found = [f"a {child.tag}" for child in root if child.tag != SITEMAP + row]
    addresses = [child.findtext(f"{SITEMAP}loc", "") for child in root]
    if not 0 < len(addresses) <= 50_000 or len(data) > 50 * 2**20:
        found.append(f"{len(addresses)} addresses in {len(data)} bytes")
    found += (f"{each!r} is not on {site}" for each in addresses if not each.startswith(f"{site}/"))
    found += (f"{each!r} is not plain ASCII" for each in addresses if not each.isascii() or " " in each)
    found += (f"{each} stands twice" for each in _doubles(addresses))
    stamps = [child.findtext(f"{SITEMAP}lastmod") for child in root]
    found += (f"lastmod {each!r}" for each in stamps if each is not None and not _MOMENT.match(each))
    return found


def _doubles(values: list[str]) -> list[str]:
    return [first for first, second in pairwise(sorted(values)) if first == second]


def _parse(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return feedparser.parse(io.BytesIO(data))


@cache
def _grammar() -> Any:
    return etree.RelaxNG(etree.parse(Path(__file__).parent / "schemas/atom.rng"))

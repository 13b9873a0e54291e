"""Faults of feeds, subscription lists and sitemaps, by what their formats require.

Atom is RFC 4287, JSON Feed 1.1, OPML 2.0, sitemaps.org 0.9, RSS 2.0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import msgspec

from digest.checking.pages import Fault, Reference, Seen

_ATOM = "{http://www.w3.org/2005/Atom}"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z")
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?\Z")
_MOST = 50_000


def read_feed(path: str, data: bytes) -> Seen:
    """What a file of XML or JSON holds. One that is neither feed, list nor sitemap holds nothing to say."""
    return _read_json(data) if path.endswith(".json") else _read_xml(path, data)


def _read_xml(path: str, data: bytes) -> Seen:
    try:
        root = ET.fromstring(data)  # noqa: S314 - what we wrote ourselves
    except ET.ParseError as error:
        code = "sitemap-broken" if "sitemap" in path else "feed-broken"
        line = error.position[0]
        return Seen(faults=(Fault(code, f"is not well-formed XML: {error}", line=line),))
    readers: dict[str, tuple[str, Callable[[ET.Element], Iterator[str]]]] = {
        f"{_ATOM}feed": ("feed-broken", _atom_faults),
        "rss": ("feed-broken", _rss_faults),
        "opml": ("feed-broken", _opml_faults),
        f"{_SITEMAP}urlset": ("sitemap-broken", _sitemap_faults),
        f"{_SITEMAP}sitemapindex": ("sitemap-broken", _sitemap_faults),
    }
    if root.tag not in readers:
        return Seen()
    code, judge = readers[root.tag]
    faults = [Fault(code, message) for message in judge(root)]
    faults += _double_ids(_xml_ids(root))
    return Seen(references=tuple(dict.fromkeys(_xml_references(root))), faults=tuple(faults))


def _xml_ids(root: ET.Element) -> list[str]:
    if root.tag == f"{_ATOM}feed":
        found = [root.findtext(f"{_ATOM}id"), *(e.findtext(f"{_ATOM}id") for e in root.iter(f"{_ATOM}entry"))]
    else:
        found = [e.findtext("guid") for e in root.iter("item")] if root.tag == "rss" else []
    return [each for each in found if each]


def _xml_references(root: ET.Element) -> Iterator[Reference]:
    for element in root.iter():
        if element.tag == f"{_ATOM}link":
            addresses = [element.get("href")]
        elif element.tag == f"{_SITEMAP}loc" or (root.tag == "rss" and element.tag == "link"):
            addresses = [element.text]
        elif element.tag == "outline":
            addresses = [element.get("xmlUrl"), element.get("htmlUrl")]
        else:
            continue
        yield from (Reference(a.strip(), loads=False) for a in addresses if a and a.strip())


def _atom_faults(feed: ET.Element) -> Iterator[str]:
    yield from _lacking(feed, "the feed", "id", "title", "updated")
    bare = feed.find(f"{_ATOM}author") is None
    for number, entry in enumerate(feed.iterfind(f"{_ATOM}entry"), start=1):
        what = f"entry {number} ({(entry.findtext(f'{_ATOM}id') or '')[:80]})"
        yield from _lacking(entry, what, "id", "title", "updated")
        if bare and entry.find(f"{_ATOM}author") is None:
            yield f"{what} has no author, and the feed has none (expected one of them)"
        if entry.find(f"{_ATOM}content") is None and not any(
            link.get("rel", "alternate") == "alternate" for link in entry.iterfind(f"{_ATOM}link")
        ):
            yield f"{what} has neither content nor a link (expected one of them)"


def _lacking(element: ET.Element, what: str, *names: str) -> Iterator[str]:
    for name in names:
        found = element.find(_ATOM + name)
        if found is None:
            yield f"{what} has no {name} (expected one)"
        elif name != "title" and not (found.text or "").strip():
            yield f"{what} has an empty {name}"
    for name in ("updated", "published"):
        value = (element.findtext(_ATOM + name) or "").strip()
        if value and not _is_moment(value):
            yield f"{what}: {name} {value!r} is no date (expected RFC 3339, 2023-11-10T08:00:00Z)"


def _is_moment(value: str) -> bool:
    if not _MOMENT.match(value):
        return False
    try:
        datetime.fromisoformat(value.upper())
    except ValueError:
        return False
    return True


def _rss_faults(root: ET.Element) -> Iterator[str]:
    channel = root.find("channel")
    if channel is None:
        yield "has no channel (expected one)"
        return
    yield from (f"the channel has no {n} (expected one)" for n in ("title", "link", "description")
                if channel.find(n) is None)  # fmt: skip
    for number, item in enumerate(channel.iterfind("item"), start=1):
        if item.find("title") is None and item.find("description") is None:
            yield f"item {number} has neither title nor description (expected one of them)"
        value = item.findtext("pubDate")
        if value and not _is_mail_date(value):
            yield f"item {number}: pubDate {value!r} is no date (expected RFC 822)"


def _is_mail_date(value: str) -> bool:
    try:
        parsedate_to_datetime(value)
    except ValueError:
        return False
    return True


def _opml_faults(root: ET.Element) -> Iterator[str]:
    outlines = list(root.iter("outline"))
    if root.find("head") is None or root.find("body") is None:
        yield "has no head or no body (expected both)"
    if not outlines:
        yield "lists nothing (expected an outline)"
    for outline in outlines:
        if not outline.get("text"):
            yield f"an outline without text ({outline.get('xmlUrl') or 'no address'})"
        if outline.get("type") == "rss" and not outline.get("xmlUrl"):
            yield f"outline {outline.get('text')!r} has no xmlUrl (expected the feed's address)"


def _sitemap_faults(root: ET.Element) -> Iterator[str]:
    if len(root) > _MOST:
        yield f"lists {len(root):,} addresses (expected {_MOST:,} at most)"
    addresses = [(row.findtext(f"{_SITEMAP}loc") or "").strip() for row in root]
    if not all(addresses):
        yield "a row without an address (expected loc)"
    for address, count in Counter(addresses).items():
        if count > 1 and address:
            yield f"{address} stands {count} times (expected once)"
    for row in root:
        value = (row.findtext(f"{_SITEMAP}lastmod") or "").strip()
        if value and not _DAY.match(value):
            yield f"lastmod {value!r} is no date (expected RFC 3339 or a day)"


def _read_json(data: bytes) -> Seen:
    try:
        feed = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Seen(faults=(Fault("feed-broken", f"is not JSON: {error}"),))
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or not version.startswith("https://jsonfeed.org/version/"):
        return Seen()
    items = feed.get("items")
    rows = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    faults = [Fault("feed-broken", message) for message in _json_faults(feed, rows)]
    faults += _double_ids(str(item["id"]) for item in rows if item.get("id"))
    values = [feed.get(n) for n in ("home_page_url", "feed_url", "next_url")] + [i.get("url") for i in rows]
    references = (Reference(value, loads=False) for value in values if isinstance(value, str) and value)
    return Seen(references=tuple(dict.fromkeys(references)), faults=tuple(faults))


def _json_faults(feed: dict[str, Any], items: list[dict[str, Any]]) -> Iterator[str]:
    if not isinstance(feed.get("title"), str):
        yield "the feed has no title (expected one)"
    if not isinstance(feed.get("items"), list):
        yield "the feed has no items (expected a list)"
    for number, item in enumerate(items, start=1):
        if not item.get("id"):
            yield f"item {number} has no id (expected one)"
        if not isinstance(item.get("content_html", item.get("content_text")), str):
            yield f"item {number} has neither content_html nor content_text (expected one of them)"
        for name in ("date_published", "date_modified"):
            value = item.get(name)
            if value is not None and not (isinstance(value, str) and _is_moment(value)):
                yield f"item {number}: {name} {value!r} is no date (expected RFC 3339)"


def _double_ids(ids: Iterable[str]) -> Iterator[Fault]:
    for value, count in Counter(ids).items():
        if count > 1:
            yield Fault("feed-id-twice", f"id {value!r} stands {count} times (expected once)", value)

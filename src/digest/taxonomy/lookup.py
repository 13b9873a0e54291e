"""Finds the page of this archive that an address leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from digest.ids import host_of
from digest.model import Curated, Page
from digest.sources.address import Addresses, url_key

_HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
_OWN = re.compile(r"/(?:\d{4}/\d\d/\d\d|undated)/[^/?#]+\.html")
_HOST = re.compile(r"https?://([^/?#@:]+)")


class Lookup:
    """An index of pages by article key, original address, id and local address.

    Where several pages have one original address (an outlet's article scraped under another
    outlet's name too) the one filed under the address's own outlet is found, else the first.
    """

    def __init__(self, pages: Iterable[Page], addresses: Addresses) -> None:
        self._addresses = addresses
        self._by_name: dict[str, str] = {}
        self._by_key: dict[tuple[str, str], str] = {}
        self._by_link: dict[str, list[str]] = {}
        self._hosts: set[str] = set()
        for page in pages:
            self._by_name[page.id] = page.id
            self._by_name[page.url] = page.id
            for version in page.versions:
                # A reused key means its latest article: pages come oldest first.
                self._by_key[version.source, version.key] = page.id
                if version.link:
                    ids = self._by_link.setdefault(url_key(version.link), [])
                    if page.id not in ids:
                        ids.append(page.id)
                    host = host_of(version.link)
                    self._hosts.add(addresses.slug_of_host(host) or host.removeprefix("www."))

    def find(self, address: str) -> str | None:
        """The id of the page `address` leads to: an original URL in any variant, a page id, or a
        page's address here (with or without the site's own host or base path in front)."""
        ids = self.find_all(address)
        return ids[0] if ids else None

    def find_all(self, address: str) -> tuple[str, ...]:
        """Every page that `address` may mean, the likeliest first."""
        text = address.strip()
        if named := self._by_name.get(text) or self._named(text):
            return (named,)
        place = self._addresses.locate(text)
        if place is None:
            return ()
        found = self._by_key.get((place.source, place.key))
        linked = self._by_link.get(url_key(place.canonical), ())
        return tuple(dict.fromkeys([found, *linked] if found else linked))

    def is_ours(self, url: str) -> bool:
        """A quick test: whether the archive holds anything of this URL's host."""
        match = _HOST.match(url)
        host = match[1].lower() if match else host_of(url)
        return (self._addresses.slug_of_host(host) or host.removeprefix("www.")) in self._hosts

    def _named(self, text: str) -> str | None:
        match = _OWN.search(text)
        return self._by_name.get(match[0]) if match else None


def map_links(pages: Iterable[Page], lookup: Lookup) -> dict[str, str]:
    """Every address that an article's links or related links hold and that leads to another page of the
    archive, with that page's id."""
    found: dict[str, str] = {}
    missed: set[str] = set()
    for page in pages:
        for version in page.versions:
            for url in (*version.links, *(link.url for link in version.related)):
                if url in found or url in missed:
                    continue
                target = lookup.find(url) if lookup.is_ours(url) else None
                if target is None:
                    missed.add(url)
                elif target != page.id:
                    found[url] = target
    return found


def map_curators_links(curated: Curated, lookup: Lookup) -> dict[str, str]:
    """Likewise the addresses in the curator's texts."""
    found = {href: lookup.find(href) for href in dict.fromkeys(_curators_links(curated))}
    return {href: target for href, target in found.items() if target is not None}


def _curators_links(curated: Curated) -> Iterator[str]:
    pages, editions = (p.html for p in curated.pages), (e.html for e in curated.editions)
    for html in (*pages, *editions, *(t.html for t in curated.threads)):
        for match in _HREF.finditer(html):
            yield unescape(match[1])

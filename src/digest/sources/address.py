"""Which outlet an address belongs to, and which article of it: the one place that says so.

Loaders ask it for the key of a scraped file, the taxonomy for the target of a link, a
correction or a thread's `include`; so all variants of an address lead to one article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from digest.ids import canonical_url, decoded, host_of
from digest.sources.profile import Profile, UrlRule

_HTTP = re.compile(r"https?:/*(?:www\.)?", re.I)
_SLASHES = re.compile(r"/{2,}")
_CACHED = 16_384


class Address(NamedTuple):
    """One article's address: the outlet's slug, the article key with its kind in front
    (`key:5543524` or `url:example.org/a`), the canonical URL and the outlet's section."""

    source: str
    key: str
    canonical: str
    section: str


class _Rule:
    """An outlet's UrlRule with its regexes compiled."""

    __slots__ = ("keep", "key", "path_key", "question", "replace", "section", "slug")

    def __init__(self, slug: str, rule: UrlRule) -> None:
        self.slug = slug
        self.keep = rule.keep_query
        self.question = rule.raw_question
        self.path_key = rule.path_key
        self.replace = tuple((re.compile(old), new) for old, new in rule.replace)
        self.key = re.compile(rule.key, re.S) if rule.key else None
        self.section = re.compile(rule.section, re.S) if rule.section else None

    def read(self, url: str) -> Address | None:
        canonical = canonical_url(url, self.keep, raw_question=self.question)
        if not canonical:
            return None
        for old, new in self.replace:
            canonical = old.sub(new, canonical)
        plain = decoded(canonical) if self.key or self.section else ""
        key = ""
        if self.key and (match := self.key.search(plain)):
            key = "-".join(g for g in match.groups() if g) or match[0]
        if not key and self.path_key:
            key = _path_of(canonical)
        section = ""
        if self.section and (match := self.section.search(plain)):
            section = (match[1] if match.re.groups else match[0]) or ""
        return Address(self.slug, f"key:{key}" if key else url_key(canonical), canonical, section)


class Addresses:
    """All outlets' address rules, compiled once.

    An outlet owns the hosts in `domains`, each with and without `www.` and `m.`; a domain
    written without `www.` owns its sub-domains too. The first profile that names a host has it.
    """

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._by_slug: dict[str, _Rule] = {}
        self._by_host: dict[str, _Rule] = {}
        self._parents: dict[str, _Rule] = {}
        for profile in profiles:
            rule = self._by_slug.setdefault(profile.slug, _Rule(profile.slug, profile.url))
            for domain in profile.domains:
                host = domain.strip().lower()
                self._by_host.setdefault(_bare(host), rule)
                if not host.startswith("www."):
                    self._parents.setdefault(host, rule)
        self.locate = lru_cache(_CACHED)(self._locate)
        self.slug_of_host = lru_cache(_CACHED)(self._slug_of_host)

    def _slug_of_host(self, host: str) -> str:
        """The slug of the outlet that owns `host`, else the empty string."""
        rule = self._owner(host)
        return rule.slug if rule else ""

    def _locate(self, url: str) -> Address | None:
        """The article `url` leads to, its outlet told by the host; None for anything but http(s).

        An unknown host is its own outlet: the slug is the host with `-` for `.`.
        """
        host = host_of(url.strip())
        if not host:
            return None
        return (self._owner(host) or _Rule(unknown_slug(host), UrlRule())).read(url)

    def read(self, url: str, source: str) -> Address | None:
        """`url` as an article of the outlet `source`, whatever its host; None for anything but http(s)."""
        return (self._by_slug.get(source) or _Rule(source, UrlRule())).read(url)

    def _owner(self, host: str) -> _Rule | None:
        rule = self._by_host.get(_bare(host))
        parent = host
        while rule is None and "." in parent:
            rule = self._parents.get(parent)
            parent = parent.partition(".")[2]
        return rule


def unknown_slug(host: str) -> str:
    """The slug of an outlet no profile knows: its host with `-` for `.`."""
    return host.strip(".").replace(".", "-")


def url_key(canonical: str) -> str:
    """The key of an article told by its canonical URL alone: scheme, `www.` and a closing slash
    make no difference."""
    return "url:" + (_HTTP.sub("", canonical, count=1).rstrip("/"))


def _bare(host: str) -> str:
    host = host.rstrip(".")
    return host.removeprefix("www.").removeprefix("m.")


def _path_of(canonical: str) -> str:
    path = re.sub(r"^https?://[^/]*|\?.*$", "", canonical, flags=re.S)
    return _SLASHES.sub("/", decoded(path)).lower()

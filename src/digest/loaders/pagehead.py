"""What the head of a whole HTML page tells: title, address, time, author, picture."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

_LD = 'script[type="application/ld+json"]'


class Head(NamedTuple):
    """The fields of a page's head; empty where it says nothing."""

    title: str = ""
    url: str = ""
    published: str = ""
    author: tuple[str, ...] = ()
    picture: str = ""


def read_head(tree: LexborHTMLParser) -> Head:
    """Read OpenGraph, `<meta>`, `<link rel=canonical>` and JSON-LD of a page."""
    meta: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        attrs = node.attributes
        name = attrs.get("property") or attrs.get("name") or attrs.get("itemprop") or ""
        meta.setdefault(name.lower(), (attrs.get("content") or "").strip())
    data = _article_of(tree)
    title = meta.get("og:title") or _text(data.get("headline")) or _element(tree, "title")
    link = tree.css_first("link[rel=canonical]")
    url = (
        (link.attributes.get("href") if link else "") or meta.get("og:url") or _text(data.get("url"))
    ).strip()
    published = (
        meta.get("article:published_time")
        or meta.get("datepublished")
        or _text(data.get("datePublished"))
        or meta.get("date")
        or meta.get("pubdate")
        or meta.get("dc.date")
        or ""
    )
    authors = tuple(dict.fromkeys(_names(data.get("author")))) or (
        (meta["author"],) if meta.get("author") else ()
    )
    return Head(title, url, published, authors, meta.get("og:image", ""))


def _article_of(tree: LexborHTMLParser) -> dict[str, Any]:
    for node in tree.css(_LD):
        try:
            data = json.loads(node.text(deep=True) or "")
        except (ValueError, RecursionError):
            continue
        for item in _flatten(data):
            kind = item.get("@type", "")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(k, str) and k.endswith(("Article", "Posting")) for k in kinds):
                return item
    return {}


def _flatten(data: object) -> list[dict[str, Any]]:
    items = data if isinstance(data, list) else [data]
    found: list[dict[str, Any]] = []
    for item in items:
        if isinstance(item, dict):
            found.append(item)
            graph = item.get("@graph")
            if isinstance(graph, list):
                found.extend(g for g in graph if isinstance(g, dict))
    return found


def _names(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    names = (item.get("name") if isinstance(item, dict) else item for item in items)
    return [name for name in names if isinstance(name, str) and name and "://" not in name]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _element(tree: LexborHTMLParser, tag: str) -> str:
    node = tree.css_first(tag)
    return (node.text(deep=True) or "").strip() if node else ""

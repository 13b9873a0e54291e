"""A feed as Atom 1.0 (RFC 4287) or JSON Feed 1.1, and all feeds as OPML 2.0.

Where the site's `url` is unknown every address inside the site is relative to
the feed, which RFC 4287 allows, and no feed claims an address of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import msgspec

from digest.model import Body, Lang
from digest.renderer.feed_views import EntryView, FeedView, OpmlView, OutlineView
from digest.renderer.links import show_assets
from digest.renderer.words import words_for

if TYPE_CHECKING:
    from digest.config import SiteConfig

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2), not even escaped; and the carriage return,
which a parser would turn into a line feed."""

_TO_QUOTE = re.compile('[&<>"\t\r\n]').search
_QUOTED = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#09;", "\r": "&#13;", "\n": "&#10;",
})  # fmt: skip
"""What an attribute cannot hold as it is; a parser would read white space as blanks."""

_NONE: Mapping[str, str] = {}

_IMG = re.compile(r"""<img\b((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.I)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_SCHEME = re.compile(r"^(?:[a-zA-Z][\w+.-]*:|//)")


def render_atom(view: FeedView, bodies: Mapping[str, Body], config: SiteConfig) -> bytes:
    """The feed as an Atom document in UTF-8."""
    subtitle = config.description and not view.name
    head = (
        _tell("id", view.id),
        _tell("title", title_of(view, config)),
        _tell("subtitle", config.description) if subtitle else "",
        _tell("updated", stamp(view.updated)),
        _link("alternate", locate(config, view.place, view.place), "text/html"),
        _link("self", f"{config.url}{view.place}feed.xml", "application/atom+xml") if config.url else "",
        _draw("author", _tell("name", config.title)),
    )
    entries = (_draw_entry(entry, bodies[entry.body], view.place, config) for entry in view.entries)
    space = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": config.language}
    return _xml(_draw("feed", "\n" + "".join((*head, *entries)), space))


def _draw_entry(entry: EntryView, body: Body, place: str, config: SiteConfig) -> str:
    outlet, updated = entry.outlet, stamp(entry.updated)
    parts = [
        "\n",
        _tell("id", entry.id),
        _tell("title", entry.title),
        _tell("published", stamp(entry.published)) if entry.published else "",
        _tell("updated", updated),
        _link("alternate", locate(config, place, entry.url), "text/html"),
        _link("via", entry.link) if entry.link else "",
        *(_draw("author", _tell("name", name)) for name in entry.authors or (outlet.name,)),
        *(_draw("category", "", {"term": term, "label": label}) for term, label in entry.categories),
        # The outlet as it stood when this entry came: a later time would change entries that did not change.
        _draw(
            "source",
            _tell("id", outlet.id)
            + _tell("title", outlet.name)
            + _tell("updated", updated)
            + (_link("alternate", outlet.homepage) if outlet.homepage else ""),
        ),
        _tell("summary", entry.summary) if entry.summary else "",
        _tell("content", content_of(entry, body, place, config), {"type": "html"}),
    ]
    return _draw("entry", "".join(parts), {"xml:lang": entry.lang})


def render_json_feed(view: FeedView, bodies: Mapping[str, Body], config: SiteConfig) -> bytes:
    """The feed as a JSON Feed 1.1 document (https://www.jsonfeed.org/version/1.1/)."""
    feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": title_of(view, config)}
    feed["home_page_url"] = locate(config, view.place, view.place)
    if config.url:
        feed["feed_url"] = f"{config.url}{view.place}feed.json"
    if config.description and not view.name:
        feed["description"] = config.description
    feed["language"] = config.language
    feed["authors"] = [{"name": config.title}]
    feed["items"] = [_item(entry, bodies[entry.body], view.place, config) for entry in view.entries]
    return msgspec.json.format(msgspec.json.encode(feed), indent=1) + b"\n"


def _item(entry: EntryView, body: Body, place: str, config: SiteConfig) -> dict[str, Any]:
    item: dict[str, Any] = {"id": entry.id, "url": locate(config, place, entry.url)}
    if entry.link:
        item["external_url"] = entry.link
    item["title"] = entry.title
    item["content_html"] = content_of(entry, body, place, config)
    if entry.summary:
        item["summary"] = entry.summary
    if entry.published:
        item["date_published"] = stamp(entry.published)
    item["date_modified"] = stamp(entry.updated)
    outlet = {"name": entry.outlet.name}
    if entry.outlet.homepage:
        outlet["url"] = entry.outlet.homepage
    item["authors"] = [{"name": name} for name in entry.authors] or [outlet]
    if entry.categories:
        item["tags"] = [label for _, label in entry.categories]
    item["language"] = entry.lang
    item["_source"] = outlet
    return item


def render_opml(view: OpmlView, config: SiteConfig) -> bytes:
    """All feeds as an OPML 2.0 subscription list (http://opml.org/spec2.opml)."""
    words = words_for(config.language)
    headings = {
        "site": config.title,
        "sources": words.sources,
        "topics": words.topics,
        "threads": words.threads,
    }
    groups = "".join(
        _draw("outline", "".join(_draw_outline(feed, config) for feed in feeds), {"text": headings[heading]})
        for heading, feeds in view.groups
    )
    head = _draw("head", _tell("title", config.title))
    return _xml(_draw("opml", "\n" + head + _draw("body", groups), {"version": "2.0"}))


def _draw_outline(feed: OutlineView, config: SiteConfig) -> str:
    name = feed.name or config.title
    attributes = {
        "type": "rss",
        "text": name,
        "title": name,
        "xmlUrl": locate(config, "/", f"{feed.place}feed.xml"),
        "htmlUrl": locate(config, "/", feed.place),
    }
    return _draw("outline", "", attributes)


def content_of(entry: EntryView, body: Body, place: str, config: SiteConfig) -> str:
    """The full text as HTML: the lead picture as a captioned link, then the body.

    Nothing in it is fetched from elsewhere. Pictures beside the article are shown where
    the site's `url` is known; links to other articles keep the outlets' addresses, for
    they work in every reader.
    """
    root = f"{config.url}/" if config.url else "../" * (place.count("/") - 1)
    own = root if config.url else ""
    html = body.html
    if entry.assets:
        html = show_assets(html, ((reference, url[1:]) for reference, url in entry.assets), root)
    if "<img" in html:
        html = _IMG.sub(lambda match: _picture(match[1], entry.lang, own), html)
    content = _hero(entry, root, own) + html
    if content:
        return content
    # Of some articles a scrape holds the headline only; both formats ask for some content.
    address = entry.link or locate(config, place, entry.url)
    return f'<p><a href="{escape(address)}">{escape(entry.title, quote=False)}</a></p>'


def _hero(entry: EntryView, root: str, own: str) -> str:
    hero = entry.hero
    if hero is None:
        return ""
    url = hero.url if _SCHEME.match(hero.url) else root + dict(entry.assets).get(hero.url, "")[1:]
    shown = _show(url, hero.caption or "", entry.lang, own)
    words = " ".join(part for part in (hero.caption, hero.credit) if part)
    caption = f"<figcaption>{escape(words, quote=False)}</figcaption>" if words else ""
    return f"<figure>{shown}{caption}</figure>\n" if shown or caption else ""


def _picture(attributes: str, lang: Lang, own: str) -> str:
    found = _ATTRIBUTE.findall(attributes)
    values = {name.lower(): unescape(double or single) for name, double, single in found}
    return _show(values.get("src", ""), values.get("alt", ""), lang, own)


def _show(url: str, alt: str, lang: Lang, own: str) -> str:
    """A picture as a reader may have it: the thing itself if it lies under `own`, the site's
    address, a link if it lies elsewhere, its words alone if a reader could not find it."""
    if own and url.startswith(own):
        return f'<img src="{escape(url)}" alt="{escape(alt)}">'
    if _SCHEME.match(url):
        return f'<a href="{escape(url)}">{words_for(lang).picture}</a>'
    return escape(alt, quote=False)


def title_of(view: FeedView, config: SiteConfig) -> str:
    """What a reader lists the feed under; never empty."""
    return f"{view.name} · {config.title}" if view.name else config.title


def locate(config: SiteConfig, place: str, url: str) -> str:
    """`url` as a file in folder `place` names it: absolute if the site's own `url` is known,
    else relative, down to the file, so that it works from a disk too."""
    if config.url:
        return config.url + url
    target = url + "index.html" if url.endswith("/") else url
    if target.startswith(place):
        return target[len(place) :]
    return "../" * (place.count("/") - 1) + target[1:]


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    return f"{moment.isoformat()[:19]}Z"


def _draw(name: str, content: str, attributes: Mapping[str, str] = _NONE) -> str:
    """An element on a line of its own, its content being XML."""
    start = name
    for key, value in attributes.items():
        start += f' {key}="{_quote(value)}"'
    return f"<{start}>{content}</{name}>\n" if content else f"<{start} />\n"


def _tell(name: str, text: str, attributes: Mapping[str, str] = _NONE) -> str:
    """An element on a line of its own, its content being text."""
    return _draw(name, escape(text, quote=False), attributes)


def _link(rel: str, href: str, kind: str = "") -> str:
    return _draw("link", "", {"rel": rel, "type": kind, "href": href} if kind else {"rel": rel, "href": href})


def _quote(value: str) -> str:
    return value.translate(_QUOTED) if _TO_QUOTE(value) else value


def _xml(root: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_NOT_XML.sub("", root)}'.encode()

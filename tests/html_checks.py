"""What is wrong with a built site's pages that no validator of single files would tell.

`check_folder` reads every HTML and CSS file below a folder: nothing is fetched from another
host, every internal address and anchor is there, the outline is whole. It reads the output
only, so it serves any site: a test's, the demo, the whole archive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

# What a browser fetches on its own, by element or by the relation of a <link>.
_LOADING = frozenset({"src", "srcset", "imagesrcset", "poster", "data", "background", "xlink:href"})
_LOADING_LINKS = frozenset({
    "stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest",
    "preload", "modulepreload", "prefetch", "prerender", "preconnect", "dns-prefetch",
})  # fmt: skip
_FOLLOWED = frozenset({"href", "action", "cite", "formaction"})
_CSS_ADDRESS = re.compile(r"""(?:@import\s+|url\(\s*)["']?([^"'()\s;]+)""")
_REFRESH = re.compile(r"""^\s*\d+\s*[;,]\s*url\s*=\s*['"]?([^'"]+)""", re.I)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class Fault(NamedTuple):
    """One thing that is wrong: on which page, of what kind, and what exactly."""

    page: str
    kind: str
    detail: str


class Reference(NamedTuple):
    """An address on a page, and whether a browser fetches it without being asked."""

    page: str
    address: str
    loading: bool


def check_folder(folder: Path, url: str = "") -> list[Fault]:
    """All faults of the site built into `folder`, by page. `url` is the site's own, if it has one."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found: list[Fault] = []
    anchors: dict[str, frozenset[str]] = {}
    references: dict[Reference, None] = {}
    for name in sorted(files):
        if name.endswith(".html"):
            tree = LexborHTMLParser((folder / name).read_text("utf-8"))
            nodes = list(tree.css("*"))
            anchors[name] = frozenset(value for node in nodes if (value := node.attributes.get("id")))
            found += page_faults(name, nodes)
            references.update(dict.fromkeys(find_references(name, nodes)))
        elif name.endswith(".css"):
            css = (folder / name).read_text("utf-8")
            references.update(dict.fromkeys(Reference(name, address, loading=True) for address in _css(css)))
    site = _Site(files, anchors, url.rstrip("/"))
    found += (fault for reference in references if (fault := site.fault(reference)))
    return sorted(found)


def page_faults(name: str, nodes: list[LexborNode]) -> Iterator[Fault]:
    """Faults of one page by itself: its outline, language, title, ids, pictures' words, JSON-LD."""
    levels = [_HEADINGS[node.tag] for node in nodes if node.tag in _HEADINGS]
    if levels.count(1) != 1:
        yield Fault(name, "outline", f"{levels.count(1)} h1")
    for former, level in pairwise((0, *levels)):
        if level > former + 1:
            yield Fault(name, "outline", f"h{level} after {f'h{former}' if former else 'nothing'}")
    ids = [value for node in nodes if (value := node.attributes.get("id")) is not None]
    for value in sorted({value for value in ids if not value or ids.count(value) > 1}):
        yield Fault(name, "id", f"{value!r} stands {ids.count(value)} times")
    titles = [node.text().strip() for node in nodes if node.tag == "title" and _is_in_head(node)]
    if len(titles) != 1 or not titles[0]:
        yield Fault(name, "title", f"{titles}")
    for node in nodes:
        if node.tag == "html" and not node.attributes.get("lang"):
            yield Fault(name, "language", "none")
        elif node.tag == "img" and node.attributes.get("alt") is None:
            yield Fault(name, "picture", f"no alt: {node.attributes.get('src')}")
        elif node.tag == "script":
            yield from _script_faults(name, node)


def _is_in_head(node: LexborNode) -> bool:
    return node.parent is not None and node.parent.tag == "head"


def _script_faults(name: str, node: LexborNode) -> Iterator[Fault]:
    if node.attributes.get("type") == "application/ld+json":
        try:
            json.loads(node.text())
        except ValueError as error:
            yield Fault(name, "json-ld", str(error))


def find_references(name: str, nodes: list[LexborNode]) -> Iterator[Reference]:
    """Every address on a page."""
    for node in nodes:
        if node.tag == "style":
            yield from (Reference(name, address, loading=True) for address in _css(node.text()))
        for key, value in node.attributes.items():
            if value is not None:
                yield from _attribute_references(name, node, key, value)


def _attribute_references(name: str, node: LexborNode, key: str, value: str) -> Iterator[Reference]:
    if key in ("srcset", "imagesrcset"):
        candidates = (part.split() for part in value.split(","))
        yield from (Reference(name, words[0], loading=True) for words in candidates if words)
    elif key in _LOADING:
        yield Reference(name, value.strip(), loading=True)
    elif key in _FOLLOWED:
        yield Reference(name, value.strip(), loading=_is_loading_link(node))
    elif key == "style":
        yield from (Reference(name, address, loading=True) for address in _css(value))
    elif key == "content" and (node.attributes.get("http-equiv") or "").lower() == "refresh":
        yield from (Reference(name, found[1], loading=False) for found in _REFRESH.finditer(value))


def _is_loading_link(node: LexborNode) -> bool:
    if node.tag in ("use", "image"):
        return True
    rels = (node.attributes.get("rel") or "").lower().split()
    return node.tag == "link" and not _LOADING_LINKS.isdisjoint(rels)


def _css(text: str) -> Iterator[str]:
    return (found[1] for found in _CSS_ADDRESS.finditer(text))


class _Site:
    """What there is to lead to."""

    def __init__(self, files: set[str], anchors: dict[str, frozenset[str]], url: str) -> None:
        self.files = files
        self.anchors = anchors
        self.url = url
        self.base = urlsplit(url).path + "/"

    def fault(self, reference: Reference) -> Fault | None:
        """What is wrong with an address, if anything."""
        name, address, loading = reference
        path, _, fragment = address.partition("#")
        if self.url and path.startswith(f"{self.url}/"):
            target = path.removeprefix(f"{self.url}/")
            target += "index.html" if not target or target.endswith("/") else ""
        elif re.match(r"[a-zA-Z][\w+.-]*:|//", path):
            scheme = path.partition(":")[0].lower()
            if loading and scheme != "data":
                return Fault(name, "foreign", address)
            known = scheme in ("http", "https", "mailto", "data")
            return None if known else Fault(name, "scheme", address)
        elif path.startswith("/"):
            # Only the page for unknown addresses cannot know how deep it stands.
            if name != "404.html" or not path.startswith(self.base):
                return Fault(name, "absolute", address)
            target = path.removeprefix(self.base)
            target += "index.html" if not target or target.endswith("/") else ""
        else:
            plain = path.partition("?")[0]
            target = normpath(join(dirname(name), plain)) if plain else name
            if plain.endswith("/"):
                return Fault(name, "folder", f"{address} (does not open from a disk)")
        return self._missing(name, address, unquote(target.partition("?")[0]), unquote(fragment))

    def _missing(self, name: str, address: str, target: str, fragment: str) -> Fault | None:
        if target not in self.files:
            return Fault(name, "missing", f"{address} ({target})")
        if fragment and target.endswith(".html") and fragment not in self.anchors[target]:
            return Fault(name, "anchor", address)
        return None

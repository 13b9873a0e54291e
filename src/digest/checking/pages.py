"""What one HTML page or style sheet holds that the rest of the site must know, and its own faults.

The parser is lexbor, which repairs whatever it is given as a browser does. So the page is parsed
and serialised again: where the tags that come out are not those that went in, the browser sees another page
than the one that was written. Serialised markup is regular (every attribute is ` name="value"`), so
one short regular expression reads it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import zip_longest
from typing import NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser

_RAW = "|".join(
    rf"<{name}\b[^>]*>.*?</{name}\s*>" for name in ("script", "style", "textarea", "title", "xmp", "noembed")
)
# Names of all tags, as an author may write them; what is inside quotes, comments and raw text is none.
_WRITTEN = re.compile(
    rf"<!--.*?-->|{_RAW}"
    r"""|<(/?[a-z][^\s/>]*)[^"'>]*(?:(?:"[^"]*"|'[^']*')[^"'>]*)*>""",
    re.S | re.I,
)
_NAMES = re.compile(rf'<!--.*?-->|{_RAW}|<(/?[a-z][^\s>]*)(?: [^\s=>]+="[^"]*")*>', re.S | re.I)
# Serialised elements that hold an attribute or raw text: name, attributes, text.
_ELEMENTS = re.compile(
    r"<!--.*?-->"
    r'|<(script|style|title)((?: [^\s=>]+="[^"]*")*)>(.*?)</\1>'
    r'|<([a-z][^\s>]*)((?: [^\s=>]+="[^"]*")+)>',
    re.S | re.I,
)
_ATTRIBUTE = re.compile(r' ([^\s=>]+)="([^"]*)"')
_FOREIGN = re.compile(r"<(svg|math)\b.*?</\1\s*>", re.S | re.I)
_CLOSED = re.compile(r"<([a-z][^\s/>]*)([^<>]*)/>", re.I)
_CSS_ADDRESS = re.compile(r"""(?:@import\s+|url\(\s*)["']?([^"'()\s;]+)""")
_REFRESH = re.compile(r"""^\s*[\d.]+\s*[;,]\s*(?:url\s*=\s*)?['"]?([^'"\s]+)""", re.I)

# Tags that HTML lets an author leave out, so that theirs proves nothing.
_OMISSIBLE = frozenset({
    "html", "head", "body", "tbody", "colgroup",
    "/html", "/head", "/body", "/tbody", "/colgroup", "/thead", "/tfoot", "/tr", "/td", "/th", "/caption",
    "/li", "/dt", "/dd", "/p", "/option", "/optgroup", "/rb", "/rt", "/rp",
})  # fmt: skip
# What a browser fetches by itself, by attribute or by the relation of a <link>.
_LOADING = frozenset({"src", "poster", "data", "background"})
_LOADING_LINKS = frozenset({
    "stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest",
    "preload", "modulepreload", "prefetch", "prerender", "preconnect", "dns-prefetch",
})  # fmt: skip
_FOLLOWED = frozenset({"href", "action", "cite", "formaction", "xlink:href"})
_SETS = frozenset({"srcset", "imagesrcset"})


class Reference(NamedTuple):
    """An address as it is written, and whether a browser fetches it without being asked."""

    address: str
    loads: bool


class Fault(NamedTuple):
    """What is wrong with one file by itself. `line` counts from 1; 0 is the whole file."""

    code: str
    message: str
    about: str = ""
    line: int = 0


class Seen(NamedTuple):
    """What one output file holds: its anchors, every address in it (each once), its own faults."""

    anchors: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_page(data: bytes) -> Seen:
    """What an HTML page holds."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Seen(faults=(Fault("html-encoding", "is not UTF-8 (expected UTF-8 throughout)", line=line),))
    markup = LexborHTMLParser(text).html or ""
    elements = [
        (raw or name, _attributes(first or second), content)
        for raw, first, content, name, second in _ELEMENTS.findall(markup)
        if raw or name
    ]
    anchors = [a["id"] for _, a, _ in elements if "id" in a]
    named = [a["name"] for tag, a, _ in elements if tag == "a" and "name" in a]
    references = dict.fromkeys(r for element in elements for r in _references(*element))
    faults = [*_nesting_faults(text, markup), *_own_faults(elements)]
    faults += _id_faults(anchors)
    return Seen(tuple(dict.fromkeys([*anchors, *named])), tuple(references), tuple(faults))


def read_style(data: bytes) -> Seen:
    """What a style sheet fetches."""
    text = data.decode("utf-8", "replace")
    return Seen(references=tuple(dict.fromkeys(_css(text))))


def _attributes(text: str) -> dict[str, str]:
    if not text:
        return {}
    pairs = _ATTRIBUTE.findall(text)
    return {name: unescape(value) if "&" in value else value for name, value in pairs}


def _css(text: str) -> Iterator[Reference]:
    return (Reference(found[1], loads=True) for found in _CSS_ADDRESS.finditer(text))


def _references(tag: str, attributes: dict[str, str], content: str) -> Iterator[Reference]:
    if tag == "style":
        yield from _css(content)
    for name, value in attributes.items():
        if name in _FOLLOWED:
            yield Reference(value.strip(), _is_fetched(tag, attributes))
        elif name in _LOADING:
            yield Reference(value.strip(), loads=True)
        elif name in _SETS:
            words = (part.split() for part in value.split(","))
            yield from (Reference(each[0], loads=True) for each in words if each)
        elif name == "style":
            yield from _css(value)
        elif name == "content" and attributes.get("http-equiv", "").lower() == "refresh":
            yield from (Reference(found[1], loads=False) for found in _REFRESH.finditer(value))


def _is_fetched(tag: str, attributes: dict[str, str]) -> bool:
    if tag in ("use", "image", "feimage"):
        return True
    return tag == "link" and not _LOADING_LINKS.isdisjoint(attributes.get("rel", "").lower().split())


def _own_faults(elements: Sequence[tuple[str, dict[str, str], str]]) -> Iterator[Fault]:
    titled = language = False
    for tag, attributes, content in elements:
        if tag == "title":
            titled = titled or bool(content.strip())
        elif tag == "html":
            language = bool(attributes.get("lang", "").strip())
        elif tag == "img" and "alt" not in attributes:
            source = attributes.get("src", "")
            message = f'picture {source[:80]!r} has no alt (expected words, or alt="" for an ornament)'
            yield Fault("html-alt-missing", message, source)
        elif tag == "script" and attributes.get("type") == "application/ld+json":
            yield from _data_faults(content)
    if not titled:
        yield Fault("html-title-missing", "has no title (expected words in <title>)")
    if not language:
        yield Fault("html-lang-missing", 'names no language (expected <html lang="…">)')


def _data_faults(content: str) -> Iterator[Fault]:
    try:
        msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        yield Fault("html-data-broken", f"the JSON-LD is no JSON: {error}")


def _id_faults(anchors: Sequence[str]) -> Iterator[Fault]:
    if len(set(anchors)) == len(anchors):
        return
    for value, count in Counter(anchors).items():
        if count > 1:
            message = f"id {value!r} stands {count} times (expected once: an anchor leads to the first)"
            yield Fault("html-id-twice", message, value)


def _nesting_faults(text: str, markup: str) -> Iterator[Fault]:
    written = _FOREIGN.sub(_open_up, text) if "/>" in text else text
    wanted = _telling(_WRITTEN.findall(written))
    real = _telling(_NAMES.findall(markup))
    if wanted == real:
        return
    number = next(n for n, (one, other) in enumerate(zip_longest(wanted, real)) if one != other)
    places = [found.start() for found in _WRITTEN.finditer(written) if _telling([found[1] or ""])]
    here = f"<{wanted[number]}>" if number < len(wanted) else "the end"
    made = f"<{real[number]}>" if number < len(real) else "nothing"
    line = written.count("\n", 0, places[number]) + 1 if number < len(places) else 0
    message = f"a browser makes {made} where {here} is written (expected tags that are closed and nested)"
    yield Fault("html-nesting", message, line=line)


def _telling(names: Iterable[str]) -> list[str]:
    return [name for tag in names if (name := tag.lower()) and name not in _OMISSIBLE]


def _open_up(found: re.Match[str]) -> str:
    """SVG and MathML with `<path/>` written `<path></path>`, as it is serialised."""
    return _CLOSED.sub(r"<\1\2></\1>", found[0])

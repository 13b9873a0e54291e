"""HTML5 source to one flat string of markup: parsed by lexbor, marked by the profile's CSS, serialised.

A parsed and serialised document is regular: every attribute is ` name="value"`, neither `<` nor
`>` stands in a value or a text, nor `"` in a value, every element but the void ones is closed. So
one short regex gives the tokens, in a fifth of the time that walking the tree takes.

Marks are written into an attribute instead of removing anything, so no text loses its place:

    s<n> strip rule n   d date   b byline   c caption   C caption of the lead picture
    k credit   K credit of the lead picture   e embed   t tag link   h lead picture   l small capitals
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest.loaders.selectors import select

MARK = "data-digest-mark"
_MARK_START = f'{MARK}="'
RAW = "data-digest-raw"
_ATTRIBUTE = re.compile(r"([^ ][^ =]*)=\"([^\"]*)\"")
# script, style, template, iframe, xmp, noembed, noframes, plaintext, pre, listing
_SPECIAL = re.compile(
    r"<(?:[sS](?:[cC][rR]|[tT][yY])|[tT][eE][mM]|[iI][fF]|[xX][mM]|[nN][oO][eEfF]|[pP](?:[lL]|[rR][eE])|[lL][iI][sS])"
)
_RAW_TEXT = "iframe,xmp,noembed,noframes,plaintext"
_COMMENT = re.compile(r"<!--.*?-->|<[!?][^>]*>", re.S)
_LINE_ENDS = re.compile(r"\n\s*")
_PRETTY = 8
SOFT = "\x1f"
"""A run of blanks with a line end in it: nothing between two Han letters, else a blank."""
_TAGS = re.compile(r"<[^>]*>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def parse(html: str, *, whole: bool = False) -> tuple[LexborHTMLParser, bool]:
    """The tree of a fragment of body content, or of a `whole` page, and whether blanks matter in it
    (it holds a `pre`). Scripts and styles are gone; raw content (of an iframe, say) stands in an
    attribute."""
    tree = LexborHTMLParser(html if whole else "<!DOCTYPE html><body>" + html)
    if not _SPECIAL.search(html):
        return tree, False
    for node in select(tree.root, "script,style,template"):
        node.decompose()
    for node in select(tree.root, _RAW_TEXT):
        _set_raw_aside(node)
    return tree, bool(select(tree.root, "pre,listing,xmp,plaintext"))


def _set_raw_aside(node: LexborNode) -> None:
    text = node.text(deep=True) or ""
    if text.strip():
        words = text if node.tag in ("xmp", "plaintext") else _TAGS.sub(" ", text)
        node.attrs[RAW] = words
    child = node.first_child
    while child is not None:
        child.remove()
        child = node.first_child


def mark(node: LexborNode, code: str) -> None:
    """Write a mark onto an element, beside those it has."""
    attrs = node.attrs
    old = attrs.get(MARK)
    attrs[MARK] = f"{old} {code}" if old else code


def marks_of(attrs: str) -> list[str]:
    """The marks among the attributes of a token."""
    return attrs.partition(_MARK_START)[2].partition('"')[0].split()


def serialise(tree: LexborHTMLParser, *, verbatim: bool = False) -> str:
    """The body as regular markup, with blanks run together unless `verbatim`."""
    body = tree.body
    html = (body.html if body is not None else "") or ""
    if "<!" in html:
        html = _COMMENT.sub("", html)
    if "&nbsp;" in html:
        html = html.replace("&nbsp;", " ")
    if verbatim:
        return html
    if "\t" in html:
        html = html.replace("\t", " ")
    # Runs are short: halving them a few times beats a regex by far.
    while "  " in html:
        html = html.replace("  ", " ")
    # A scraped body has line ends around it; a pretty-printed one has them inside its sentences.
    if html.count("\n") < _PRETTY:
        return html.replace("\n", " ")
    return _LINE_ENDS.sub(SOFT, html).replace(" " + SOFT, SOFT)


def drop_forbidden(html: str) -> str:
    """Without the control characters that HTML forbids (only references can bring them in)."""
    return _FORBIDDEN.sub("", html)


def attributes(text: str) -> dict[str, str]:
    """The attributes of a token, values unescaped."""
    if SOFT in text:
        text = text.replace(SOFT, " ")
    found = _ATTRIBUTE.findall(text)
    if "&" in text:
        return {name: _unescape(value) for name, value in found}
    return dict(found)


def _unescape(value: str) -> str:
    if "&" not in value:
        return value
    return value.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

"""Markup broken so that a parser would lose text, mended before the parse."""

from __future__ import annotations

import re

_GLUED = re.compile(
    r"<(div|aside|section|article|span|figure|img|iframe|table|ul|li|p|a|h[1-6]|youtube-player|play-media)"
    r"(?=(?:class|style|id|src|href)=|(?:data-|video-|v-bind|v-cloak)[\w:.-]*(?:[=>\s]))"
)
# An address that runs into the next tag lost its closing quote.
_OPEN_QUOTE = re.compile(r"(\b(?:href|src)=\"[^\"<>\s]*)(?=</?[a-zA-Z])")


def repair(html: str) -> str:
    """The same markup with glued tag names split and unclosed addresses closed."""
    html = _GLUED.sub(r"<\1 ", html)
    # Where a quote is missing their number is odd; that is told twenty times faster.
    if html.count('"') & 1:
        html = _OPEN_QUOTE.sub(r'\1">', html)
    return html

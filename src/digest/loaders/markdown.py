"""Markdown to HTML, for what people write. Scraped HTML never comes here."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from digest.loaders.cjk_emphasis import cjk_emphasis


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "typographer": False})
    return parser.enable(["table", "strikethrough"]).use(footnote_plugin).use(cjk_emphasis)


def markdown_to_html(text: str) -> str:
    """CommonMark with tables, strikethrough and footnotes. The result is not yet sanitised."""
    return str(_parser().render(text))

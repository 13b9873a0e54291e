"""The curator's Markdown to safe HTML with one document outline, from h2 down."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from digest.loaders.cjk_emphasis import cjk_emphasis

_FOREIGN = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.I)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.S)
_LOWEST = 6
_Env = MutableMapping[str, Any]


class Written(NamedTuple):
    """HTML, the words of a leading `# heading` (which is not in the HTML), and the pictures
    beside the file, as they are referred to."""

    html: str
    heading: str
    assets: tuple[str, ...]


def render_markdown(text: str, name: str) -> Written:
    """CommonMark with tables, footnotes and strikethrough.

    Raw HTML is shown as text, but for comments, which vanish. A foreign picture becomes a link
    to it: no page loads anything from elsewhere. `name` keeps the ids of footnotes apart
    where several texts meet on a page.
    """
    parser = _parser()
    env: dict[str, Any] = {"docId": name}
    tokens = parser.parse(text, env)
    heading = ""
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        heading = _plain(tokens[1])
        tokens = tokens[3:]
    _shift_headings(tokens)
    assets: list[str] = []
    for token in tokens:
        for child in token.children or ():
            source = str(child.attrGet("src") or "") if child.type == "image" else ""
            if source and not source.startswith(("/", "#")) and not _FOREIGN.match(source):
                assets.append(source)
    html = str(parser.renderer.render(tokens, parser.options, env))
    return Written(html.strip(), heading, tuple(dict.fromkeys(assets)))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(cjk_emphasis)
    parser.add_render_rule("html_block", _show_html)
    parser.add_render_rule("html_inline", _show_html)
    parser.add_render_rule("image", _show_image)
    return parser


def _shift_headings(tokens: Sequence[Token]) -> None:
    headings = [t for t in tokens if t.type in ("heading_open", "heading_close")]
    if not headings:
        return
    shift = 2 - min(int(t.tag[1]) for t in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + shift, _LOWEST)}"


def _plain(inline: Token) -> str:
    return " ".join("".join(t.content or " " for t in inline.children or () if not t.nesting).split())


def _show_html(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: _Env
) -> str:
    token = tokens[index]
    text = escapeHtml(_COMMENT.sub("", token.content))
    return f"<p>{text.strip()}</p>\n" if text.strip() and token.type == "html_block" else text


def _show_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: _Env
) -> str:
    token = tokens[index]
    source = str(token.attrGet("src") or "")
    words = renderer.renderInlineAsText(token.children or [], options, env)
    if not _FOREIGN.match(source):
        title = token.attrGet("title")
        extra = f' title="{escapeHtml(str(title))}"' if title else ""
        return f'<img src="{escapeHtml(source)}" alt="{escapeHtml(words)}"{extra} loading="lazy">'
    inside_link = sum(t.nesting for t in tokens[:index] if t.type in ("link_open", "link_close")) > 0
    shown = escapeHtml(words or source)
    return shown if inside_link else f'<a href="{escapeHtml(source)}" rel="noopener">{shown}</a>'

"""The curator's Markdown to safe HTML with one document outline, from h2 down."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.anchors.index import slugify
from mdit_py_plugins.footnote import footnote_plugin

from digest.loaders.cjk_emphasis import cjk_emphasis

_FOREIGN = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.I)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.S)
_CONTENTS = re.compile(r"<!--\s*contents\s*-->\s*\Z")
_LOWEST = 6
_TAKEN = ("", "m")
"""What no heading can be called: nothing, and the page's own text, where its skip link leads."""
_Env = MutableMapping[str, Any]


class Written(NamedTuple):
    """HTML, the words of a leading `# heading` (which is not in the HTML), and the pictures
    beside the file, as they are referred to."""

    html: str
    heading: str
    assets: tuple[str, ...]


def render_markdown(text: str, name: str, *, anchored: bool = False) -> Written:
    """CommonMark with tables, footnotes and strikethrough.

    Raw HTML is shown as text, but for comments, which vanish. A foreign picture becomes a link
    to it: no page loads anything from elsewhere. `name` keeps the ids of footnotes apart
    where several texts meet on a page. With `anchored`, for a text that has a page to itself, headings
    have ids, the same that forges give them, and `<!-- contents -->` becomes a list of them.
    """
    parser = _parser(anchored=anchored)
    env: dict[str, Any] = {"docId": name}
    tokens = parser.parse(text, env)
    heading = ""
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        heading = _plain(tokens[1])
        tokens = tokens[3:]
    _shift_headings(tokens)
    if anchored:
        _list_contents(tokens)
    assets: list[str] = []
    for token in tokens:
        for child in token.children or ():
            source = str(child.attrGet("src") or "") if child.type == "image" else ""
            if source and not source.startswith(("/", "#")) and not _FOREIGN.match(source):
                assets.append(source)
    html = str(parser.renderer.render(tokens, parser.options, env))
    return Written(html.strip(), heading, tuple(dict.fromkeys(assets)))


@lru_cache(maxsize=2)
def _parser(*, anchored: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(cjk_emphasis)
    if anchored:
        parser.use(anchors_plugin, max_level=_LOWEST, slug_func=_name_anchor)
    parser.add_render_rule("html_block", _show_html)
    parser.add_render_rule("html_inline", _show_html)
    parser.add_render_rule("image", _show_image)
    parser.add_render_rule("contents", _show_contents)
    return parser


def _name_anchor(title: str) -> str:
    name = slugify(title)
    return name if name not in _TAKEN else f"{name}-"


def _shift_headings(tokens: Sequence[Token]) -> None:
    headings = [t for t in tokens if t.type in ("heading_open", "heading_close")]
    if not headings:
        return
    shift = 2 - min(int(t.tag[1]) for t in headings)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) + shift, _LOWEST)}"


def _list_contents(tokens: Sequence[Token]) -> None:
    """Puts the list of headings, two levels deep, in the place of each comment that asks for it."""
    wanted = [t for t in tokens if t.type == "html_block" and _CONTENTS.match(t.content)]
    if not wanted:
        return
    sections: list[tuple[str, list[str]]] = []
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or opening.tag not in ("h2", "h3"):
            continue
        link = f'<a href="#{escapeHtml(str(opening.attrGet("id")))}">{escapeHtml(_plain(inline))}</a>'
        if opening.tag == "h2" or not sections:
            sections.append((link, []))
        else:
            sections[-1][1].append(f"<li>{link}</li>")
    items = "".join(f"<li>{link}{_list(below)}</li>" for link, below in sections)
    for token in wanted:
        token.type, token.content = "contents", f'<ul class="contents">{items}</ul>\n' if items else ""


def _list(items: Sequence[str]) -> str:
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _plain(inline: Token) -> str:
    return " ".join("".join(t.content or " " for t in inline.children or () if not t.nesting).split())


def _show_html(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: _Env
) -> str:
    token = tokens[index]
    text = escapeHtml(_COMMENT.sub("", token.content))
    return f"<p>{text.strip()}</p>\n" if text.strip() and token.type == "html_block" else text


def _show_contents(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: _Env
) -> str:
    return tokens[index].content


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

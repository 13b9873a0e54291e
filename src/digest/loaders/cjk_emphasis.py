"""Emphasis that works beside Chinese punctuation.

By CommonMark's rule `**` between a letter and a punctuation mark opens nothing, so that
`说**“好”**的` stays as it is written: Chinese puts no blank there. As in the CommonMark
proposal by Tatsunori Uchino, a CJK character on one side makes the mark on the other side as good as a
letter. Underscores keep the old rule.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_CJK = re.compile(r"[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


def cjk_emphasis(parser: MarkdownIt) -> None:
    """A plugin for markdown-it: `parser.use(cjk_emphasis)`."""
    parser.inline.ruler.before("emphasis", "cjk_emphasis", _tokenize)


def _tokenize(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
    start = state.pos
    if silent or state.src[start] != "*":
        return False
    scanned = state.scanDelims(start, True)
    end = start + scanned.length
    before, after = state.src[start - 1 : start], state.src[end : end + 1]
    can_open = scanned.can_open or bool(_CJK.match(before) and after and not after.isspace())
    can_close = scanned.can_close or bool(_CJK.match(after) and before and not before.isspace())
    for _ in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos = end
    return True

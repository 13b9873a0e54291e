"""Blocks to HTML: written from scratch out of a closed set of tags, every text escaped.

Nothing of the source's markup is copied, so the result is safe and valid by construction:
headings start at h2 and skip no level, no foreign address stands in a `src`, no id, class
or style of the source survives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.ids import host_of
from digest.loaders.blocks import Block, Box, Break, Close, Cut, Open, Part, drop_empty
from digest.model import Picture
from digest.text.html import escape, escape_attribute

PICTURE_WORD = "图片"
"""The words of a picture's link; a theme replaces them."""

_RUBY = re.compile(r"(?:[tx]|\{(?:t+(?:\(t+\))?\[t+\](?:\(t+\))?)+\})*")
_NO_HEADINGS = frozenset(("th", "caption"))
_TIGHT = frozenset(("li", "td", "th"))


def write_html(blocks: Sequence[Block], pictures: dict[int, Picture]) -> str:
    """The HTML of a body. `pictures` gives what each picture block shows, by `id(block)`."""
    levels = _Levels()
    tight = _lonely_boxes(blocks) if any(block.boxes for block in blocks) else frozenset()
    out: list[str] = []
    open_boxes: tuple[Box, ...] = ()
    for block in blocks:
        if block.kind == "stripped":
            continue
        if not block.boxes and not open_boxes and block.kind == "text" and block.tag == "p":
            parts = block.parts
            plain = parts[0] if len(parts) == 1 else ""
            out.append(f"<p>{plain if type(plain) is str and plain else write_inline(parts)}</p>")
            continue
        if block.boxes != open_boxes:
            _change_boxes(out, open_boxes, block.boxes)
            open_boxes = block.boxes
        _write_block(out, block, pictures, levels, tight)
    _change_boxes(out, open_boxes, ())
    return "".join(out)


class _Levels:
    """Maps the heading levels of the source to h2 and down, without a gap."""

    def __init__(self) -> None:
        self.open: list[int] = []

    def place(self, level: int) -> int:
        while self.open and self.open[-1] >= level:
            self.open.pop()
        self.open.append(level)
        return min(len(self.open) + 1, 6)


def _lonely_boxes(blocks: Sequence[Block]) -> frozenset[int]:
    """Items and cells whose first paragraph stands without `<p>`: those that hold one block only,
    or one and a list below it."""
    first: dict[int, Block] = {}
    direct: dict[int, int] = {}
    for block in blocks:
        if block.boxes and block.boxes[-1].tag in _TIGHT and block.kind not in ("stripped", "blank"):
            number = block.boxes[-1].number
            first.setdefault(number, block)
            direct[number] = direct.get(number, 0) + 1
    return frozenset(n for n, count in direct.items() if count == 1 and first[n].kind == "text")


def _change_boxes(out: list[str], old: tuple[Box, ...], new: tuple[Box, ...]) -> None:
    same = 0
    for one, other in zip(old, new, strict=False):
        if one.number != other.number:
            break
        same += 1
    out.extend(f"</{box.tag}>" for box in reversed(old[same:]))
    out.extend(f"<{box.tag}{box.attrs}>" for box in new[same:])


def _write_block(
    out: list[str], block: Block, pictures: dict[int, Picture], levels: _Levels, tight: frozenset[int]
) -> None:
    kind = block.kind
    if kind == "text" or (kind == "caption" and id(block) not in pictures):
        html = write_inline(block.parts)
        tag = block.tag
        if tag[0] == "h":
            if any(box.tag in _NO_HEADINGS for box in block.boxes):
                out.append(f"<p><strong>{html}</strong></p>")
            else:
                level = levels.place(int(tag[1]))
                out.append(f"<h{level}>{html}</h{level}>")
        elif tag == "pre":
            out.append(f"<pre>{html}</pre>")
        elif block.boxes and block.boxes[-1].number in tight:
            out.append(html)
        else:
            out.append(f"<p>{html}</p>")
    elif kind == "picture":
        out.append(_write_picture(block, pictures[id(block)]))
    elif kind == "embed":
        caption = pictures.get(id(block))
        words = f" <small>{escape(caption.caption)}</small>" if caption and caption.caption else ""
        name = escape(host_of(block.url).removeprefix("www."))
        out.append(f'<p class="embed"><a href="{escape_attribute(block.url)}">{name}</a>{words}</p>')
    elif kind == "rule":
        out.append("<hr>")


def _write_picture(block: Block, picture: Picture) -> str:
    url = escape_attribute(picture.url)
    if block.rule == "local":
        shown = f'<img src="{url}" alt="{escape_attribute(block.alt)}">'
    else:
        shown = f'<a class="picture-link" href="{url}">{PICTURE_WORD}</a>'
    caption = escape(picture.caption) if picture.caption else ""
    if picture.credit:
        caption += (" " if caption else "") + f"<small>{escape(picture.credit)}</small>"
    legend = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="picture">{shown}{legend}</figure>'


def write_inline(parts: Sequence[Part]) -> str:
    """A run as HTML, without its cuts."""
    if len(parts) == 1 and type(parts[0]) is str:
        return parts[0]
    kept = [part for part in parts if type(part) is not Cut]
    if len(kept) < len(parts):
        drop_empty(kept)
    if any(type(part) is Open and part.tag == "ruby" for part in kept):
        kept = _valid_ruby(kept)
    return "".join([part if type(part) is str else _tag(part) for part in kept])


def _tag(part: Part) -> str:
    if isinstance(part, Open | Break):
        return part.html
    return f"</{part.tag}>" if isinstance(part, Close) else ""


def _valid_ruby(parts: list[Part]) -> list[Part]:
    """The run as it is if all its annotations are whole and plain, else without any of their markup."""
    code = "".join(_ruby_code(part) for part in parts)
    if _RUBY.fullmatch(code):
        return parts
    return [part for part in parts if getattr(part, "tag", "") not in ("ruby", "rt", "rp")]


def _ruby_code(part: Part) -> str:
    if isinstance(part, Open):
        return {"ruby": "{", "rt": "[", "rp": "("}.get(part.tag, "x")
    if isinstance(part, Close):
        return {"ruby": "}", "rt": "]", "rp": ")"}.get(part.tag, "x")
    return "t" if isinstance(part, str) else "x"

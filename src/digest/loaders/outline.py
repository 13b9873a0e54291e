"""Markup to blocks: one pass over the serialised body with a stack.

The rules of the pass:
- any element that is not inline ends the run before it and begins another;
- `<br><br>` ends a paragraph; a picture inside a sentence waits for the paragraph's end;
- what a mark or a tag says is no running text is labelled, never dropped.

`runs` builds the runs, `boxes` the containers; here is what each element means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from digest.loaders.blocks import Block, Open
from digest.loaders.boxes import LISTS, Boxes
from digest.loaders.elements import BLOCK, HEADINGS, INLINE, MEDIA, PLAIN_BLOCK, UNREAD, VERBATIM, VOID
from digest.loaders.runs import Plan
from digest.loaders.tokens import MARK, RAW, SOFT, attributes, marks_of
from digest.text.html import escape, escape_attribute, safe_link

_PARTS = re.compile("<p>([^<]+)</p>(?=<)|<([^>]+)>([^<]*)")
_LABELS = {"c": ("caption", ""), "C": ("caption", "hero"), "k": ("credit", ""), "K": ("credit", "hero")}
_MOST_FORMATS = 40


class Outline(NamedTuple):
    """The blocks of a body, and the links that stood there without words."""

    blocks: list[Block]
    empty_links: list[str]


def build_outline(html: str, plan: Plan, base: str, *, verbatim: bool = False) -> Outline:
    """Turn the regular markup of a body into blocks. `base` is the article's address; `verbatim`
    says that blanks have not been run together yet."""
    builder = _Builder(plan, base, verbatim=verbatim, soft=SOFT in html)
    add, start, end = builder.add, builder.start, builder.end
    add_paragraph = builder.add_paragraph
    for words, tag, text in _PARTS.findall(html):
        if not tag:
            # Most of a body is <p>words</p>: worth a short cut.
            if not add_paragraph(words):
                start("p", "")
                add(words)
                end("p")
            continue
        if tag[0] == "/":
            end(tag[1:])
        elif " " in tag:
            name, _, attrs = tag.partition(" ")
            start(name, attrs)
        else:
            start(tag, "")
        if text:
            add(text)
    builder.flush()
    return Outline(builder.blocks, builder.empty_links)


class _Builder(Boxes):
    """The pass. One stack entry per open element: its name and how to undo it."""

    __slots__ = ("base", "embed", "empty_links", "sources", "stack")

    def __init__(self, plan: Plan, base: str, *, verbatim: bool, soft: bool) -> None:
        super().__init__(plan, verbatim=verbatim, soft=soft)
        self.base = base
        self.empty_links: list[str] = []
        self.stack: list[tuple[str, str, Any]] = []
        self.embed: Block | None = None  # the embed box we are in
        self.sources = ""  # the srcset of a <source>, for the <img> that follows

    def start(self, name: str, attrs: str) -> None:  # noqa: C901, PLR0912 - one branch a kind of element
        """An element begins."""
        if self.skip:
            self._start_unread_child(name, attrs)
            return
        marks: Sequence[str] = ()
        if attrs:
            if MARK in attrs:
                marks = marks_of(attrs)
            if name in VOID:
                if not any(code[0] == "s" for code in marks):
                    self._start_void(name, attrs, marks)
                return
            if marks and self._start_marked(name, attrs, marks):
                return
        if name == "a":
            self._start_link(attrs, unwrap="t" in marks)
        elif name in INLINE:
            self._start_format(name, marks)
        elif name in PLAIN_BLOCK:
            if self.parts or self.waiting:
                self.flush()
            self.stack.append((name, "block", None))
        elif name in VOID:
            self._start_void(name, attrs, marks)
        elif name in BLOCK:
            self._start_block(name, attrs)
        elif name in UNREAD:
            self._start_unread(name, attrs)
        else:
            self.stack.append((name, "", None))

    def end(self, name: str) -> None:
        """An element ends. In serialised HTML it is the innermost one; a stray end tag is ignored."""
        stack = self.stack
        if not stack:
            return
        if stack[-1][0] == name:
            _, code, data = stack.pop()
            if code == "block":
                if self.parts or self.waiting:
                    self.flush()
            elif code:
                self._undo(code, data)
        elif any(entry[0] == name for entry in stack):
            while stack:
                entry = stack.pop()
                self._undo(entry[1], entry[2])
                if entry[0] == name:
                    return

    def _undo(self, code: str, data: Any) -> None:  # noqa: C901 - one branch a kind of element
        if code == "format":
            self.end_format()
        elif code == "link":
            self._end_link(*data)
        elif code == "skip":
            self.sources = ""
            self.embed = None
            self.end_skip(block=data)
        elif code:
            self.flush()
            if code == "box":
                self.boxes = data
            elif code == "tag":
                self.tag = data
            elif code == "kind":
                self.kind, self.rule = data
            elif code == "figure":
                self.figure = data
            elif code == "cell":
                self.end_cell(*data)
            elif code == "table":
                self.end_table(*data)
            elif code == "pre":
                self.pre -= 1
                self.tag = data

    # Blocks and inline elements -----------------------------------------------------------

    def _start_block(self, name: str, attrs: str) -> None:  # noqa: C901, PLR0912 - one branch an element
        if self.parts or self.waiting:
            self.flush()
        stack = self.stack
        if name == "li":
            stack.append((name, "box", self.boxes))
            self.enter_list_item()
        elif name in LISTS:
            stack.append((name, "box", self.boxes))
            self.enter_list(LISTS[name], attrs)
        elif name in HEADINGS:
            stack.append((name, "tag", self.tag))
            self.tag = name
        elif name == "blockquote":
            stack.append((name, "box", self.boxes))
            self.enter("blockquote")
        elif name == "figure":
            stack.append((name, "figure", self.figure))
            self.number += 1
            self.figure = self.number
        elif name == "figcaption":
            stack.append((name, "kind", (self.kind, self.rule)))
            self.kind, self.rule = "caption", "figcaption"
        elif name == "table":
            stack.append((name, "table", (self.boxes, len(self.blocks))))
            self.enter("table")
        elif name == "tr":
            stack.append((name, "box", self.boxes))
            self.enter_row()
        elif name in ("td", "th"):
            stack.append((name, "cell", (self.boxes, len(self.blocks))))
            self.enter_cell(name, attrs)
        elif name in VERBATIM:
            stack.append((name, "pre", self.tag))
            self.pre += 1
            self.tag = "pre"
            if attrs and RAW in attrs:
                self.add(escape(attributes(attrs)[RAW]))
        else:
            stack.append((name, "block", None))

    def _start_link(self, attrs: str, *, unwrap: bool) -> None:
        href = ""
        if attrs and not unwrap and "href=" in attrs and not self._is_open("a"):
            href = safe_link(attributes(attrs).get("href", ""), self.base)
        self.stack.append(("a", "link", (href, self.words, len(self.blocks))))
        self.formats.append(Open("a", f'<a href="{escape_attribute(href)}">') if href else Open("", ""))

    def _end_link(self, href: str, words: int, blocks: int) -> None:
        self.end_format()
        if href and words == self.words and blocks == len(self.blocks) and self.plan.empty_links:
            self.empty_links.append(href)

    def _start_format(self, name: str, marks: Sequence[str]) -> None:
        tag = INLINE[name]
        if self._is_open(tag) or (tag in ("rt", "rp") and not self._is_open("ruby")):
            tag = ""
        if "l" in marks:
            self._join_small_capitals()
            tag = ""
        self.stack.append((name, "format", None))
        self.formats.append(Open(tag, f"<{tag}>"))

    def _is_open(self, tag: str) -> bool:
        """Whether an inline element is open already; beyond a sane depth all are held to be."""
        formats = self.formats
        return bool(formats) and (len(formats) > _MOST_FORMATS or any(f.tag == tag for f in formats))

    def _join_small_capitals(self) -> None:
        """Small capitals behind a drop cap are one word with it. They keep their letters: which of
        them are capitals of names, nothing tells."""
        while self.parts and self.parts[-1] in (" ", SOFT):
            self.parts.pop()
        if self.parts and type(self.parts[-1]) is str:
            self.parts[-1] = self.parts[-1].rstrip()
        self.gap = False

    # What is no running text --------------------------------------------------------------

    def _start_marked(self, name: str, attrs: str, marks: Sequence[str]) -> bool:
        """Act on the marks of an element; False where it is to be read on as usual."""
        rule = next((self.plan.rules[int(code[1:])] for code in marks if code[0] == "s"), "")
        rule = rule or (
            "date" if "d" in marks else "byline" if "b" in marks else "embed" if "e" in marks else ""
        )
        if rule:
            block = name in BLOCK and not self._in_sentence()
            if block or rule == "embed":
                self.flush()
            if rule == "embed":
                self.embed = self._place("embed", attributes(attrs) | {"tag": name})
            self._start_skip(name, rule, block=block or rule == "embed")
            return True
        for code in marks:
            if code in _LABELS:
                self.flush()
                self.stack.append((name, "kind", (self.kind, self.rule)))
                self.kind, self.rule = _LABELS[code]
                return True
        return False

    def _start_skip(self, name: str, rule: str, *, block: bool) -> None:
        self.stack.append((name, "skip", block))
        self.skip = rule
        self.skipped = []

    def _in_sentence(self) -> bool:
        """Whether the run ends in the middle of a sentence: a box that is taken out does not end it."""
        last = self.parts[-1] if self.parts else ""
        return type(last) is str and bool(last) and last[-1].isalnum()

    def _start_unread(self, name: str, attrs: str) -> None:
        media = name in MEDIA
        if media:
            values = attributes(attrs)
            if values.get("poster"):
                self._place("picture", {"src": values["poster"]}, hero="h" in values.get(MARK, "").split())
            self.flush()
            self._place("embed", values | {"tag": name})
        self._start_skip(name, UNREAD[name], block=media or name == "noscript")
        if attrs and RAW in attrs:
            self.skipped.append(escape(attributes(attrs)[RAW]))

    def _start_unread_child(self, name: str, attrs: str) -> None:
        """An element inside what is skipped: only the address of an embed is looked for."""
        if self.embed is not None and "=" in attrs and name in ("a", "iframe", "video", "source"):
            values = attributes(attrs)
            address = values.get("data-src") or values.get("src") or values.get("href")
            if address and self.embed.attrs is not None:
                self.embed.attrs.setdefault("inner-href" if name == "a" else "inner-src", address)
        if name not in VOID:
            if name in BLOCK:
                self.skipped.append(" ")
            self.stack.append((name, "", None))
            return
        last = self.blocks[-1] if self.blocks else None
        if name == "img" and self.skip == "noscript":
            # The twin of a lazy picture for browsers without scripts.
            if last is None or last.kind != "picture" or last.attrs is None or self.waiting:
                self._place("picture", attributes(attrs))
            else:
                last.attrs.setdefault("data-noscript-src", attributes(attrs).get("src", ""))
        elif name == "source" and last is not None and last.kind == "embed" and last.attrs is not None:
            last.attrs.setdefault("src", attributes(attrs).get("src", ""))
        elif name == "br":
            self.skipped.append(" ")

    # Pictures, embeds, void elements ------------------------------------------------------

    def _start_void(self, name: str, attrs: str, marks: Sequence[str]) -> None:
        if name == "br":
            self.add_break()
        elif name == "img" or (name == "input" and 'type="image"' in attrs):
            self._place("picture", attributes(attrs), hero="h" in marks)
        elif name == "source":
            values = attributes(attrs)
            self.sources = values.get("srcset") or values.get("data-srcset") or ""
        elif name == "hr":
            self.flush()
            self.blocks.append(Block("rule", "hr", self.placed()))
        elif name == "embed":
            self._place("embed", attributes(attrs))

    def _place(self, kind: str, attrs: dict[str, str], *, hero: bool = False) -> Block:
        """Put a picture or an embed where it stands, or behind the sentence it interrupts."""
        waits = not self.broke and any(type(p) is str and not p.isspace() for p in self.parts)
        if not waits:
            self.flush()
        block = Block(kind, "p", self.placed(), self.figure)
        block.attrs = attrs
        block.hero = hero
        if self.sources:
            attrs.setdefault("data-source-set", self.sources)
            self.sources = ""
        (self.waiting if waits else self.blocks).append(block)
        if kind == "picture":
            self.words += 1
        return block


__all__ = ["Outline", "Plan", "build_outline"]

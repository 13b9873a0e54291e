"""Markup to blocks: one pass over the serialised body with a stack.

The rules of the pass:
- any element that is not inline ends the run before it and begins another;
- inline elements are opened with the first text in them, so empty ones never appear, and are
  closed and opened again around block borders;
- `<br><br>` ends a paragraph; a picture inside a sentence waits for the paragraph's end;
- what a mark or a tag says is no running text is labelled, never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from digest.loaders.blocks import BREAK, Block, Box, Break, Close, Cut, Open, Part, settle_soft, trim
from digest.loaders.tokens import MARK, RAW, SOFT, VOID, attributes
from digest.text.html import escape, escape_attribute, safe_link, unescape_text

_BLOCK = frozenset(
    "address article aside body center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre search section summary table "
    "tbody td tfoot th thead tr ul xmp blockquote caption dialog marquee optgroup".split()
)
_INLINE = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "tt": "code", "sub": "sub",
    "sup": "sup", "small": "small", "s": "s", "strike": "s", "del": "del", "ins": "ins", "mark": "mark", "u": "u",
    "q": "q", "cite": "cite", "kbd": "kbd", "samp": "samp", "var": "var", "ruby": "ruby", "rt": "rt", "rp": "rp",
}  # fmt: skip
_LISTS = {"ul": "ul", "ol": "ol", "menu": "ul", "dir": "ul"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MEDIA = frozenset(("iframe", "video", "audio", "object", "embed"))
# Elements whose words were never meant to be read in the text, and the rule they leave it by.
_UNREAD = {
    "button": "form", "select": "form", "textarea": "form", "datalist": "form", "option": "form", "svg": "svg",
    "canvas": "embed", "noscript": "noscript", "title": "head", "noembed": "embed", "noframes": "embed",
    "audio": "embed", "video": "embed", "object": "embed", "iframe": "embed", "applet": "embed",
}  # fmt: skip
_GAPS = (" ", SOFT)
_VERBATIM = frozenset(("pre", "listing", "xmp", "plaintext"))


class Plan(NamedTuple):
    """What a profile says about building blocks."""

    rules: tuple[str, ...]  # names of the strip rules, by number
    breaks: bool = False  # every <br> ends a paragraph
    empty_links: bool = False  # an anchor without words is a related link


class Outline(NamedTuple):
    """The blocks of a body, and the links that stood there without words."""

    blocks: list[Block]
    empty_links: list[str]


def build_outline(html: str, plan: Plan, base: str, verbatim: bool) -> Outline:
    """Turn the regular markup of a body into blocks. `base` is the article's address; `verbatim`
    says that blanks have not been run together yet."""
    builder = _Builder(plan, base, verbatim, SOFT in html)
    add, start, end = builder.add, builder.start, builder.end
    chunks = iter(html.split("<"))
    if head := next(chunks):
        add(head)
    for chunk in chunks:
        if chunk == "/p>":
            end("p")
            continue
        tag, _, text = chunk.partition(">")
        if tag[:1] == "/":
            end(tag[1:])
        else:
            name, _, attrs = tag.partition(" ")
            start(name, attrs)
        if text:
            add(text)
    builder.flush()
    return Outline(builder.blocks, builder.empty_links)


class _Builder:
    """The state of the pass. One stack entry per open element: its name and how to undo it."""

    __slots__ = (
        "base", "blocks", "boxes", "broke", "embed", "empty_links", "figure", "formats", "gap", "kind", "number", "opened",
        "lowered", "parts", "plan", "pre", "rule", "skip", "skipped", "soft", "source", "special", "stack", "tag", "verbatim",
        "waiting", "words",
    )  # fmt: skip

    def __init__(self, plan: Plan, base: str, verbatim: bool, soft: bool) -> None:
        self.plan = plan
        self.base = base
        self.verbatim = self.special = verbatim
        self.soft = soft
        self.lowered = 0
        self.blocks: list[Block] = []
        self.empty_links: list[str] = []
        self.stack: list[tuple[str, str, object]] = []
        self.boxes: tuple[Box, ...] = ()
        self.number = 0
        self.figure = 0
        self.embed: Block | None = None
        self.kind = "text"
        self.rule = ""
        self.tag = "p"
        self.formats: list[Open] = []
        self.opened = 0
        self.parts: list[Part] = []
        self.gap = True
        self.broke = False
        self.waiting: list[Block] = []
        self.skip = ""
        self.skipped: list[str] = []
        self.pre = 0
        self.words = 0
        self.source = ""

    # Text ---------------------------------------------------------------------------------

    def add(self, text: str) -> None:
        """Add escaped text to the run."""
        if self.skip:
            self.skipped.append(text)
            return
        if self.pre:
            self._open_formats()
            self.parts.append(text)
            self.words += 1
            return
        if self.special:
            text = self._adapt(text)
        if self.gap:
            text = text.lstrip()
            if not text:
                return
        if text.isspace():
            self.parts.append(text[0])
            self.gap = True
            return
        if self.opened < len(self.formats):
            if text[0] in _GAPS:
                self.parts.append(text[0])
                text = text[1:]
            self._open_formats()
        self.parts.append(text)
        self.gap = text[-1] in _GAPS
        self.broke = False
        self.words += 1

    def _adapt(self, text: str) -> str:
        if self.lowered:
            text = text.lower()
        return _squeeze(text) if self.verbatim else text

    def _open_formats(self) -> None:
        while self.opened < len(self.formats):
            part = self.formats[self.opened]
            self.opened += 1
            if part.tag:
                self.parts.append(part)

    def line_break(self) -> None:
        if self.pre:
            self.parts.append("\n")
            return
        if self.plan.breaks:
            self.flush()
        elif self.broke:
            self.flush()
        elif self.parts:
            self.parts.append(BREAK)
            self.broke = self.gap = True

    def flush(self) -> None:
        """End the run: make a block of it, if it holds anything."""
        parts = self.parts
        if parts:
            while self.opened:
                self.opened -= 1
                if tag := self.formats[self.opened].tag:
                    parts.append(Close(tag))
            self.parts = []
            self._finish(parts)
        self.gap = True
        self.broke = False
        if self.waiting:
            self.blocks.extend(self.waiting)
            self.waiting = []

    def _finish(self, parts: list[Part]) -> None:
        if self.soft and not self.pre and any(type(p) is str and SOFT in p for p in parts):
            settle_soft(parts)
        if len(parts) == 1 and type(parts[0]) is str:
            if not self.pre:
                text = parts[0].rstrip()
                if not text:
                    return
                parts[0] = text
        elif not self.pre:
            trim(parts)
        has_text = any(type(p) is str for p in parts)
        if not has_text:
            for part in parts:
                if type(part) is Cut:
                    self._strip_block(part.text, part.rule)
            return
        block = Block(self.kind, self.tag, self._placed(), self.figure)
        block.parts = parts
        block.rule = self.rule
        self.blocks.append(block)

    def _placed(self) -> tuple[Box, ...]:
        """The boxes of a new block. Lists hold items only and rows cells only, so one is supplied."""
        boxes = self.boxes
        if boxes:
            inner = boxes[-1].tag
            if inner in ("ul", "ol"):
                return (*boxes, self._new_box("li"))
            if inner == "table":
                return (*boxes, self._new_box("tr"), self._new_box("td"))
            if inner == "tr":
                return (*boxes, self._new_box("td"))
        return boxes

    def _new_box(self, tag: str, attrs: str = "") -> Box:
        self.number += 1
        return Box(tag, self.number, attrs)

    def _strip_block(self, text: str, rule: str) -> None:
        if text and not text.isspace():
            block = Block("stripped", "p", self.boxes, self.figure)
            block.parts = [escape(text)]
            block.rule = rule
            self.blocks.append(block)

    # Elements -----------------------------------------------------------------------------

    def start(self, name: str, attrs: str) -> None:
        """An element begins."""
        if self.skip:
            if self.embed is not None and "=" in attrs and name in ("a", "iframe", "img", "video", "source"):
                self._find_embedded(name, attrs)
            if name in VOID:
                self._void_unread(name, attrs)
            else:
                if name in _BLOCK:
                    self.skipped.append(" ")
                self.stack.append((name, "", None))
            return
        marks = attributes(attrs)[MARK].split() if attrs and MARK in attrs else ()
        if name in VOID:
            self._void(name, attrs, marks)
            return
        if marks and self._start_marked(name, attrs, marks):
            return
        if name == "p":
            if self.parts:
                self.flush()
            self.stack.append((name, "block", None))
        elif name == "a":
            self._start_link(attrs, "t" in marks)
        elif name in _INLINE:
            self._start_format(name, marks)
        elif name in _BLOCK:
            self._start_block(name, attrs)
        elif name in _UNREAD:
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

    def _undo(self, code: str, data: object) -> None:
        if not code:
            return
        if code == "block":
            if self.parts or self.waiting:
                self.flush()
        elif code == "format":
            self._end_format()
        elif code == "link":
            self._end_link(data)
        elif code == "skip":
            self._end_skip(data)
        elif code == "lowered":
            self.lowered -= 1
            self.special = self.verbatim or self.lowered > 0
            self._end_format()
        else:
            self.flush()
            if code == "box":
                self.boxes = data  # type: ignore[assignment]
            elif code == "cell":
                self._end_cell(data)
            elif code == "table":
                self._end_table(data)
            elif code == "figure":
                self.figure = data  # type: ignore[assignment]
            elif code == "pre":
                self.pre -= 1
                self.tag = data  # type: ignore[assignment]
            elif code == "tag":
                self.tag = data  # type: ignore[assignment]
            elif code == "kind":
                self.kind, self.rule = data  # type: ignore[misc]

    def _start_marked(self, name: str, attrs: str, marks: Sequence[str]) -> bool:
        """Act on the marks of an element; False where it is to be read on as usual."""
        for code in marks:
            if code[0] == "s":
                self._start_skip(name, self.plan.rules[int(code[1:])])
                return True
        for code, rule in (("d", "date"), ("b", "byline")):
            if code in marks:
                self._start_skip(name, rule)
                return True
        if "e" in marks:
            self._start_embed(name, attrs)
            return True
        for code in marks:
            if code in ("c", "C", "k", "K"):
                self.flush()
                self.stack.append((name, "kind", (self.kind, self.rule)))
                self.kind = "caption" if code in "cC" else "credit"
                self.rule = "hero" if code in "CK" else ""
                return True
        return False

    def _start_skip(self, name: str, rule: str) -> None:
        block = name in _BLOCK and not self._in_sentence()
        if block:
            self.flush()
        self.stack.append((name, "skip", block))
        self.skip = rule
        self.skipped = []

    def _in_sentence(self) -> bool:
        """Whether the run ends in the middle of a sentence: a box that is taken out does not end it."""
        last = self.parts[-1] if self.parts else ""
        return type(last) is str and bool(last) and last[-1].isalnum()

    def _end_skip(self, block: object) -> None:
        text = unescape_text("".join(self.skipped))
        rule, self.skip, self.skipped = self.skip, "", []
        self.source = ""
        self.embed = None
        text = " ".join(text.split())
        if not text:
            return
        if block or not self.parts:
            self.flush()
            self._strip_block(text, rule)
        else:
            self.parts.append(Cut(text, rule))

    def _start_link(self, attrs: str, unwrap: bool) -> None:
        href = ""
        if attrs and not unwrap and "href=" in attrs and not any(f.tag == "a" for f in self.formats):
            href = safe_link(attributes(attrs).get("href", ""), self.base)
        self.stack.append(("a", "link", (href, self.words, len(self.blocks))))
        self.formats.append(Open("a", f'<a href="{escape_attribute(href)}">') if href else Open("", ""))

    def _end_link(self, data: object) -> None:
        href, words, blocks = data  # type: ignore[misc]
        self._end_format()
        if href and words == self.words and blocks == len(self.blocks) and self.plan.empty_links:
            self.empty_links.append(href)

    def _start_format(self, name: str, marks: Sequence[str]) -> None:
        tag = _INLINE[name]
        if any(f.tag == tag for f in self.formats) or (tag in ("rt", "rp") and not self._in_ruby()):
            tag = ""
        if "l" in marks:
            self._join_small_capitals()
            self.stack.append((name, "lowered", None))
            tag = ""
        else:
            self.stack.append((name, "format", None))
        self.formats.append(Open(tag, f"<{tag}>"))

    def _join_small_capitals(self) -> None:
        """Small capitals behind a drop cap are one word with it."""
        self.lowered += 1
        self.special = True
        while self.parts and self.parts[-1] == " ":
            self.parts.pop()
        if self.parts and type(self.parts[-1]) is str:
            self.parts[-1] = self.parts[-1].rstrip()
        self.gap = False

    def _in_ruby(self) -> bool:
        return any(f.tag == "ruby" for f in self.formats)

    def _end_format(self) -> None:
        part = self.formats.pop()
        if self.opened > len(self.formats):
            self.opened -= 1
            if part.tag:
                self.parts.append(Close(part.tag))

    def _start_block(self, name: str, attrs: str) -> None:
        if self.parts or self.waiting:
            self.flush()
        stack = self.stack
        if name == "li":
            stack.append((name, "box", self.boxes))
            self._enter_list_item()
        elif name in _LISTS:
            stack.append((name, "box", self.boxes))
            self._enter_list(_LISTS[name], attrs)
        elif name in _HEADINGS:
            stack.append((name, "tag", self.tag))
            self.tag = name
        elif name == "blockquote":
            stack.append((name, "box", self.boxes))
            self.boxes = (*self._placed(), self._new_box("blockquote"))
        elif name == "figure":
            stack.append((name, "figure", self.figure))
            self.number += 1
            self.figure = self.number
        elif name == "figcaption":
            stack.append((name, "kind", (self.kind, self.rule)))
            self.kind, self.rule = "caption", "figcaption"
        elif name in ("td", "th", "tr", "table"):
            self._start_table_part(name, attrs)
        elif name in _VERBATIM:
            stack.append((name, "pre", self.tag))
            self.pre += 1
            self.tag = "pre"
            if attrs and RAW in attrs:
                self.add(escape(attributes(attrs)[RAW]))
        else:
            stack.append((name, "block", None))

    # Lists and tables ---------------------------------------------------------------------

    def _enter_list(self, tag: str, attrs: str) -> None:
        boxes = self.boxes
        if boxes and boxes[-1].tag in ("ul", "ol"):
            boxes = (*boxes, self._last_item(boxes) or self._new_box("li"))
        start = attributes(attrs).get("start", "") if attrs and tag == "ol" else ""
        extra = f' start="{start}"' if start.isascii() and start.isdigit() and start != "1" and len(start) < 6 else ""
        self.boxes = (*boxes, self._new_box(tag, extra))

    def _enter_list_item(self) -> None:
        boxes = self.boxes
        if not boxes or boxes[-1].tag not in ("ul", "ol"):
            boxes = (*boxes, self._bare_list(boxes) or self._new_box("ul"))
        self.boxes = (*boxes, self._new_box("li"))

    def _last_item(self, boxes: tuple[Box, ...]) -> Box | None:
        """The last item of the innermost list, for a list that stands in a list without an item."""
        last = self.blocks[-1].boxes if self.blocks else ()
        depth = len(boxes)
        return last[depth] if len(last) > depth and last[:depth] == boxes else None

    def _bare_list(self, boxes: tuple[Box, ...]) -> Box | None:
        """The list that an item without one continues: that of the block right before it."""
        last = self.blocks[-1].boxes if self.blocks else ()
        depth = len(boxes)
        if len(last) > depth and last[:depth] == boxes and last[depth].tag == "ul":
            return last[depth]
        return None

    def _start_table_part(self, name: str, attrs: str) -> None:
        stack, boxes = self.stack, self.boxes
        if name == "table":
            stack.append((name, "table", (boxes, len(self.blocks))))
            self.boxes = (*self._placed(), self._new_box("table"))
        elif name == "tr":
            stack.append((name, "box", boxes))
            if boxes and boxes[-1].tag == "table":
                self.boxes = (*boxes, self._new_box("tr"))
        else:
            stack.append((name, "cell", (boxes, len(self.blocks))))
            if boxes and boxes[-1].tag == "tr":
                self.boxes = (*boxes, self._new_box(name, _spans(attrs)))

    def _end_cell(self, data: object) -> None:
        boxes, count = data  # type: ignore[misc]
        if self.boxes != boxes and not any(b.boxes[: len(self.boxes)] == self.boxes for b in self.blocks[count:]):
            self.blocks.append(Block("blank", "p", self.boxes))
        self.boxes = boxes

    def _end_table(self, data: object) -> None:
        boxes, count = data  # type: ignore[misc]
        self.boxes = boxes
        if all(block.kind == "blank" for block in self.blocks[count:]):
            del self.blocks[count:]

    # Pictures, embeds, void elements ------------------------------------------------------

    def _void(self, name: str, attrs: str, marks: Sequence[str]) -> None:
        if any(code[0] == "s" for code in marks):
            return
        if name == "br":
            self.line_break()
        elif name == "img" or (name == "input" and 'type="image"' in attrs):
            self._place("picture", attributes(attrs), "h" in marks)
        elif name == "source":
            self._add_source(attributes(attrs))
        elif name == "hr":
            self.flush()
            self.blocks.append(Block("rule", "hr", self._placed()))
        elif name == "embed":
            self._place("embed", attributes(attrs))

    def _add_source(self, attrs: dict[str, str]) -> None:
        if "srcset" in attrs or "data-srcset" in attrs:
            self.source = attrs.get("srcset") or attrs.get("data-srcset") or ""

    def _place(self, kind: str, attrs: dict[str, str], hero: bool = False) -> Block:
        """Put a picture or an embed where it stands, or behind the sentence it interrupts."""
        block = Block(kind, "p", self._placed(), self.figure)
        block.attrs = attrs
        block.hero = hero
        if self.source:
            attrs.setdefault("data-source-set", self.source)
            self.source = ""
        if any(type(p) is str and not p.isspace() for p in self.parts) and not self.broke:
            self.waiting.append(block)
        else:
            self.flush()
            self.blocks.append(block)
        self.words += kind == "picture"
        return block

    def _start_unread(self, name: str, attrs: str) -> None:
        if name in _MEDIA:
            values = attributes(attrs)
            if name == "video" and values.get("poster"):
                self._place("picture", {"src": values["poster"]}, "h" in values.get(MARK, "").split())
            self.flush()
            self._place("embed", values | {"tag": name})
        self.stack.append((name, "skip", name in _MEDIA or name == "noscript"))
        self.skip = _UNREAD[name]
        self.skipped = []
        if attrs and RAW in attrs:
            self.skipped.append(escape(attributes(attrs)[RAW]))

    def _start_embed(self, name: str, attrs: str) -> None:
        self._start_skip(name, "embed")
        self.flush()
        self.embed = self._place("embed", attributes(attrs) | {"tag": name})
        self.stack[-1] = (name, "skip", True)

    def _find_embedded(self, name: str, attrs: str) -> None:
        """An embed box shows what its first frame, else its first link leads to."""
        values = attributes(attrs)
        kind = "src" if name != "a" else "href"
        address = values.get("data-src") or values.get("src") or values.get("href")
        if address and name != "img" and self.embed is not None and self.embed.attrs is not None:
            self.embed.attrs.setdefault(f"inner-{kind}", address)

    def _void_unread(self, name: str, attrs: str) -> None:
        """A void element inside unread content: the twin picture of a `noscript`, the file of a `video`."""
        last = self.blocks[-1] if self.blocks else None
        if self.skip == "noscript" and name == "img":
            if last is None or last.kind != "picture" or self.waiting:
                self._place("picture", attributes(attrs))
            elif last.attrs is not None:
                last.attrs.setdefault("data-noscript-src", attributes(attrs).get("src", ""))
        elif name == "source" and last is not None and last.kind == "embed" and last.attrs is not None:
            last.attrs.setdefault("src", attributes(attrs).get("src", ""))
        elif name == "br":
            self.skipped.append(" ")


def _spans(attrs: str) -> str:
    values = attributes(attrs) if "span=" in attrs else {}
    spans = ((name, values.get(name, "")) for name in ("colspan", "rowspan"))
    return "".join(f' {n}="{v}"' for n, v in spans if v.isascii() and v.isdigit() and 1 < int(v) < 100)


def _squeeze(text: str) -> str:
    """Runs of blanks to one, but keep whether there was one at each end."""
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + words + (" " if text[-1].isspace() else "")


__all__ = ["Break", "Outline", "Plan", "build_outline"]

"""Runs of inline content: the lowest layer of the pass that turns markup into blocks.

A run is what will be one paragraph, heading, item or caption. Inline elements are opened with
the first text in them, so empty ones never appear; they are closed at the run's end and opened
again in the next run.
"""

from __future__ import annotations

from html import unescape
from typing import NamedTuple

from digest.loaders.blocks import BREAK, Block, Box, Close, Cut, Open, Part, settle_soft, trim, trim_lines
from digest.loaders.tokens import SOFT
from digest.text.html import escape

_GAPS = (" ", SOFT)


class Plan(NamedTuple):
    """What a profile says about building blocks."""

    rules: tuple[str, ...]  # names of the strip rules, by number
    breaks: bool = False  # every <br> ends a paragraph
    empty_links: bool = False  # an anchor without words is a related link


class Runs:
    """The run being built, and the blocks made so far."""

    __slots__ = (
        "blocks", "boxes", "broke", "figure", "formats", "gap", "kind", "number", "opened",
        "parts", "plan", "pre", "rule", "skip", "skipped", "soft", "tag", "verbatim",
        "waiting", "words",
    )  # fmt: skip

    def __init__(self, plan: Plan, *, verbatim: bool, soft: bool) -> None:
        self.plan = plan
        self.blocks: list[Block] = []
        self.verbatim = verbatim  # blanks have not been run together yet
        self.soft = soft  # there are line ends that may be nothing
        self.boxes: tuple[Box, ...] = ()
        self.number = 0  # of boxes and figures given out
        self.figure = 0
        self.kind = "text"
        self.rule = ""
        self.tag = "p"
        self.parts: list[Part] = []
        self.formats: list[Open] = []  # inline elements open in the source
        self.opened = 0  # how many of them are open in the run
        self.gap = True  # the run ends in a blank, or is empty
        self.broke = False  # the run ends in a line break
        self.waiting: list[Block] = []  # pictures in mid-sentence
        self.skip = ""  # the rule by which everything now leaves the text
        self.skipped: list[str] = []
        self.pre = 0
        self.words = 0  # texts and pictures met

    def add(self, text: str) -> None:
        """Add escaped text to the run."""
        if self.skip:
            self.skipped.append(text)
            return
        if self.verbatim:
            if self.pre:
                self._open_formats()
                self.parts.append(text)
                self.words += 1
                return
            text = _squeeze(text)
        if self.gap:
            text = text.lstrip()
            if not text:
                return
        elif text.isspace():
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

    def add_paragraph(self, text: str) -> bool:
        """Add a whole paragraph of nothing but text; False where something about it is not plain."""
        if self.skip or self.verbatim or self.soft or self.formats:
            return False
        if self.parts or self.waiting:
            self.flush()
        text = text.strip()
        if text:
            block = Block(self.kind, self.tag, self.placed() if self.boxes else (), self.figure)
            block.parts = [text]
            block.rule = self.rule
            self.blocks.append(block)
            self.words += 1
        return True

    def _open_formats(self) -> None:
        for part in self.formats[self.opened :]:
            if part.tag:
                self.parts.append(part)
        self.opened = len(self.formats)

    def end_format(self) -> None:
        """The innermost inline element of the source ends."""
        part = self.formats.pop()
        if self.opened > len(self.formats):
            self.opened -= 1
            if part.tag:
                self.parts.append(Close(part.tag))

    def add_break(self) -> None:
        """A `<br>`: a second one, or any where the profile says so, ends the paragraph."""
        if self.pre:
            self.parts.append("\n")
        elif self.plan.breaks or self.broke:
            self.flush()
        elif self.parts:
            self.parts.append(BREAK)
            self.broke = self.gap = True

    def flush(self) -> None:
        """End the run: make a block of it, if it holds anything."""
        parts = self.parts
        if parts:
            self.parts = []
            if (
                len(parts) == 1
                and not self.opened
                and not self.soft
                and not self.pre
                and type(parts[0]) is str
            ):
                parts[0] = parts[0].rstrip()
                self._append(parts)
            else:
                self._finish(parts)
            self.gap = True
            self.broke = False
        if self.waiting:
            self.blocks.extend(self.waiting)
            self.waiting = []

    def _append(self, parts: list[Part]) -> None:
        block = Block(self.kind, self.tag, self.placed() if self.boxes else (), self.figure)
        block.parts = parts
        block.rule = self.rule
        self.blocks.append(block)

    def _finish(self, parts: list[Part]) -> None:
        while self.opened:
            self.opened -= 1
            if tag := self.formats[self.opened].tag:
                parts.append(Close(tag))
        if self.pre:
            trim_lines(parts)
        else:
            if self.soft and any(type(p) is str and SOFT in p for p in parts):
                settle_soft(parts)
            trim(parts)
        if any(type(p) is str for p in parts):
            self._append(parts)
            return
        for part in parts:
            if type(part) is Cut:
                self.strip(part.text, part.rule)

    def strip(self, text: str, rule: str) -> None:
        """A block of text that a rule takes out."""
        if text and not text.isspace():
            block = Block("stripped", "p", self.boxes, self.figure)
            block.parts = [escape(text)]
            block.rule = rule
            self.blocks.append(block)

    def end_skip(self, *, block: bool) -> None:
        """What was skipped becomes a block of its own, or a cut in the run it interrupted."""
        text = " ".join(unescape("".join(self.skipped)).split())
        rule, self.skip, self.skipped = self.skip, "", []
        if not text:
            return
        if block or not self.parts:
            self.flush()
            self.strip(text, rule)
        else:
            self.parts.append(Cut(text, rule))

    def new_box(self, tag: str, attrs: str = "") -> Box:
        """A container with the next number."""
        self.number += 1
        return Box(tag, self.number, attrs)

    def placed(self) -> tuple[Box, ...]:
        """The boxes of a new block. Lists hold items only and rows cells only, so one is supplied."""
        boxes = self.boxes
        if boxes:
            inner = boxes[-1].tag
            if inner in ("ul", "ol"):
                return (*boxes, self.new_box("li"))
            if inner == "table":
                return (*boxes, self.new_box("tr"), self.new_box("td"))
            if inner == "tr":
                return (*boxes, self.new_box("td"))
        return boxes


def _squeeze(text: str) -> str:
    """Runs of blanks to one, but keep whether there was one at each end."""
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + words + (" " if text[-1].isspace() else "")

"""Lists, tables and quotes: the middle layer of the pass, which keeps the containers right.

A list holds items only, an item stands in a list, a row holds cells, an empty cell keeps its
column, a table of nothing but empty cells is none.
"""

from __future__ import annotations

from digest.loaders.blocks import Block, Box
from digest.loaders.runs import Runs
from digest.loaders.tokens import attributes

LISTS = {"ul": "ul", "ol": "ol", "menu": "ul", "dir": "ul"}
_DEEPEST = 24
_LONGEST_START = 5
_WIDEST_SPAN = 100


class Boxes(Runs):
    """Runs, and the containers they stand in. Each `enter` leaves `boxes` to be put back by its caller."""

    __slots__ = ()

    def enter(self, tag: str) -> None:
        """A container that may stand anywhere. No reader follows a nesting of more than 24."""
        if len(self.boxes) < _DEEPEST:
            self.boxes = (*self.placed(), self.new_box(tag))

    def enter_list(self, tag: str, attrs: str) -> None:
        """A list; directly in a list it belongs to the item before it."""
        boxes = self.boxes
        if len(boxes) >= _DEEPEST:
            return
        if boxes and boxes[-1].tag in ("ul", "ol"):
            boxes = (*boxes, self._last_child(boxes, "li") or self.new_box("li"))
        elif boxes and boxes[-1].tag in ("table", "tr"):
            boxes = self.placed()
        start = attributes(attrs).get("start", "") if attrs and tag == "ol" else ""
        usable = start.isascii() and start.isdigit() and start != "1" and len(start) <= _LONGEST_START
        self.boxes = (*boxes, self.new_box(tag, f' start="{start}"' if usable else ""))

    def enter_list_item(self) -> None:
        """An item; without a list around it, one is supplied, shared with the items before it."""
        boxes = self.boxes
        if len(boxes) >= _DEEPEST:
            return
        if not boxes or boxes[-1].tag not in ("ul", "ol"):
            boxes = self.placed()
            boxes = (*boxes, self._last_child(boxes, "ul") or self.new_box("ul"))
        self.boxes = (*boxes, self.new_box("li"))

    def _last_child(self, boxes: tuple[Box, ...], tag: str) -> Box | None:
        """The container right inside `boxes` in which the last block stands, if it is a `tag`."""
        last = self.blocks[-1].boxes if self.blocks else ()
        depth = len(boxes)
        return last[depth] if len(last) > depth and last[depth].tag == tag and last[:depth] == boxes else None

    def enter_row(self) -> None:
        """A table row; stray ones are transparent."""
        if self.boxes and self.boxes[-1].tag == "table":
            self.boxes = (*self.boxes, self.new_box("tr"))

    def enter_cell(self, tag: str, attrs: str) -> None:
        """A cell of a row; stray ones are transparent."""
        if self.boxes and self.boxes[-1].tag == "tr":
            self.boxes = (*self.boxes, self.new_box(tag, _spans(attrs)))

    def end_cell(self, boxes: tuple[Box, ...], count: int) -> None:
        """A cell ends that began in `boxes` when there were `count` blocks; an empty one is kept."""
        if self.boxes != boxes:
            depth = len(self.boxes)
            if not any(block.boxes[:depth] == self.boxes for block in self.blocks[count:]):
                self.blocks.append(Block("blank", "p", self.boxes))
        self.boxes = boxes

    def end_table(self, boxes: tuple[Box, ...], count: int) -> None:
        """A table ends that began in `boxes` when there were `count` blocks."""
        self.boxes = boxes
        if all(block.kind == "blank" for block in self.blocks[count:]):
            del self.blocks[count:]


def _spans(attrs: str) -> str:
    values = attributes(attrs) if "span=" in attrs else {}
    spans = ((name, values.get(name, "")) for name in ("colspan", "rowspan"))
    return "".join(
        f' {n}="{v}"' for n, v in spans if v.isascii() and v.isdigit() and 1 < int(v) < _WIDEST_SPAN
    )

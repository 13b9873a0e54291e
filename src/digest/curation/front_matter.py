"""Edits of front matter that leave every character they do not concern as it is.

Nothing is dumped: PyYAML tells where each key and value stands, and text is inserted, replaced and
cut there, so comments, order, quotes, indents and line ends stay (a dump by ruamel.yaml normalises
indents, spacing, folding and line ends). Each step parses anew; the files are small.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml
from msgspec import Struct

from digest.errors import ContentError, Location

_BOM = "\ufeff"
_OPEN = re.compile(r"-{3,}[ \t]*(?:\r?\n|\Z)")
_CLOSE = re.compile(r"^-{3,}[ \t]*\r?$", re.M)
_STRING = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"


class Entry(Struct, frozen=True):
    """A value as it is to stand in a file, and a note that goes behind it as a comment."""

    text: str
    note: str = ""


class Change(Struct, frozen=True):
    """One change of front matter: `put` gives `key` this text, `on` makes it true; `drop` takes texts
    out of its list and `add` puts texts in at the end, those that stand there already aside."""

    key: str
    put: Entry | None = None
    on: bool = False
    drop: tuple[str, ...] = ()
    add: tuple[Entry, ...] = ()


def change(text: str, changes: Sequence[Change], path: str) -> str:
    """`text` with the changes made in its front matter, which is made where there is none.

    Raises ContentError where the front matter is broken, or breaks because its form is unusual.
    """
    for one in changes:
        if one.put is not None:
            text = _put(text, one.key, one.put, path, _scalar(one.put.text))
        if one.on:
            text = _put(text, one.key, Entry(""), path, "true")
        for value in one.drop:
            text = _drop(text, one.key, value, path)
        for entry in one.add:
            text = _add(text, one.key, entry, path)
    return text


def read_body(text: str, path: str) -> str:
    """What stands below the front matter of `text`, without blank lines around it, its line ends plain.
    Raises ContentError where the front matter is broken."""
    block = _parse(text, path)
    return "\n".join(block.text[_find_body(block) :].strip("\r\n").rstrip().splitlines())


def put_body(text: str, body: str, path: str) -> str:
    """`text` with another `body` below its front matter. Raises ContentError where that is broken."""
    block = _parse(text, path)
    lines = body.strip("\r\n").rstrip().splitlines()
    if lines == read_body(text, path).splitlines():
        return text
    head = block.text[: _find_body(block)]
    if not head.endswith("\n"):
        head += block.newline
    return head + block.newline.join(["", *lines, ""]) if lines else head


def check(text: str, path: str) -> None:
    """Raises ContentError, with the line, where the front matter of `text` is broken."""
    _parse(text, path)


class _Block(NamedTuple):
    """Where the front matter begins and ends in `text`, its entries by key, the line end in use."""

    text: str
    start: int
    end: int
    entries: dict[str, tuple[yaml.Node, yaml.Node]]
    newline: str

    def begin(self, node: yaml.Node) -> int:
        return self.start + int(node.start_mark.index)

    def finish(self, node: yaml.Node) -> int:
        return self.start + int(node.end_mark.index)


def _parse(text: str, path: str) -> _Block:
    newline = "\r\n" if "\r\n" in text else "\n"
    head = len(_BOM) if text.startswith(_BOM) else 0
    opening = _OPEN.match(text, head)
    if not opening:
        fence = f"---{newline}"
        text = f"{text[:head]}{fence}{fence}{newline}{text[head:]}"
        place = head + len(fence)
        return _Block(text, place, place, {}, newline)
    start = opening.end()
    closing = _CLOSE.search(text, start)
    if not closing:
        message = "the front matter has no closing line of --- (expected one below its keys)"
        raise ContentError(message, Location(path, 1), "mend it first")
    try:
        node = yaml.compose(text[start : closing.start()], Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _broken(error, path) from None
    if node is None:
        return _Block(text, start, closing.start(), {}, newline)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        message = "the front matter is not made of lines 'key: value'"
        raise ContentError(message, Location(path, 2), "mend it first")
    # Of a key given twice the last one counts, here as for the reader.
    entries = {str(key.value): (key, value) for key, value in node.value}
    return _Block(text, start, closing.start(), entries, newline)


def _broken(error: yaml.YAMLError, path: str) -> ContentError:
    mark = getattr(error, "problem_mark", None)
    what = " ".join(str(getattr(error, "problem", None) or error).split())
    line = mark.line + 2 if mark else 1
    return ContentError(f"the front matter is not valid YAML: {what}", Location(path, line), "mend it first")


def _find_body(block: _Block) -> int:
    """Where the line begins that is below the front matter."""
    closing = _CLOSE.search(block.text, block.end)
    assert closing is not None
    return min(closing.end() + 1, len(block.text))


def _put(text: str, key: str, entry: Entry, path: str, scalar: str) -> str:
    block = _parse(text, path)
    if key not in block.entries:
        place = block.start if key == "title" else block.end
        return _insert(block.text, place, f"{key}: {scalar}{_comment(entry)}{block.newline}")
    node = block.entries[key][1]
    begin, end = block.begin(node), block.finish(node)
    old = block.text[begin:end]
    if not old:
        return _insert(block.text, begin, f" {scalar}")
    return block.text[:begin] + scalar + (block.newline if old.endswith("\n") else "") + block.text[end:]


def _add(text: str, key: str, entry: Entry, path: str) -> str:
    block = _parse(text, path)
    item = f"- {_scalar(entry.text)}{_comment(entry)}{block.newline}"
    if key not in block.entries:
        return _insert(block.text, block.end, f"{key}:{block.newline}  {item}")
    node = block.entries[key][1]
    if isinstance(node, yaml.SequenceNode) and node.value:
        return _append(block, node, entry)
    if node.value == entry.text:
        return text
    begin = block.begin(node)
    before = block.text[:begin].rstrip(" \t")
    if isinstance(node, yaml.SequenceNode) or node.tag == _NULL:
        rest = before + block.text[block.finish(node) :]
        return _insert(rest, _next_line(rest, len(before)), f"  {item}")
    # A single text becomes the first of a list; what is behind it stays behind it.
    return _add(f"{before}{block.newline}  - {block.text[begin:]}", key, entry, path)


def _append(block: _Block, node: yaml.SequenceNode, entry: Entry) -> str:
    if any(item.value == entry.text for item in node.value):
        return block.text
    place = block.finish(node.value[-1])
    if node.flow_style:
        return _insert(block.text, place, f", {_scalar(entry.text, flow=True)}")
    dash, first = int(node.start_mark.column), node.value[0].start_mark
    gap = first.column - dash - 1 if first.line == node.start_mark.line else 1
    line = f"{' ' * dash}-{' ' * gap}{_scalar(entry.text)}{_comment(entry)}{block.newline}"
    return _insert(block.text, _next_line(block.text, place), line)


def _drop(text: str, key: str, value: str, path: str) -> str:
    block = _parse(text, path)
    if key not in block.entries:
        return text
    node = block.entries[key][1]
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    for number, item in enumerate(items):
        if item.value != value:
            continue
        begin, end = block.begin(item), block.finish(item)
        if not isinstance(node, yaml.SequenceNode):
            begin = len(block.text[:begin].rstrip(" \t"))
        elif not node.flow_style:
            begin = block.text.rfind("\n", 0, block.text.rfind("-", 0, begin)) + 1
            end = _next_line(block.text, end)
        elif number + 1 < len(items):
            end = block.begin(items[number + 1])
        elif number:
            begin = block.finish(items[number - 1])
        cut = _without_bare_key(block.text[:begin] + block.text[end:], key, path)
        return _drop(cut, key, value, path)
    return text


def _without_bare_key(text: str, key: str, path: str) -> str:
    """`text` without the line of `key`, if nothing but the key stands in it any more."""
    block = _parse(text, path)
    name, value = block.entries[key]
    begin = block.text.rfind("\n", 0, block.begin(name)) + 1
    end = _next_line(block.text, block.finish(name))
    is_bare = value.tag == _NULL and block.text[block.finish(name) : end].strip(" \t\r\n:") == ""
    return block.text[:begin] + block.text[end:] if is_bare else text


def _insert(text: str, place: int, new: str) -> str:
    return text[:place] + new + text[place:]


def _next_line(text: str, place: int) -> int:
    if text[place - 1] == "\n":
        return place
    return text.index("\n", place) + 1


def _comment(entry: Entry) -> str:
    return f"  # {entry.note}" if entry.note else ""


def _scalar(text: str, *, flow: bool = False) -> str:
    """`text` in YAML: as it is where that reads back as the same text, else in quotes."""
    for form in (text, "'" + text.replace("'", "''") + "'"):
        try:
            node = yaml.compose(f"[{form}, x]" if flow else f"- {form}  # x", Loader=yaml.SafeLoader)
        except yaml.YAMLError:
            continue
        assert node is not None
        first = node.value[0]
        is_same = isinstance(first, yaml.ScalarNode) and (first.tag, first.value) == (_STRING, text)
        if is_same and len(node.value) == 1 + flow:
            return form
    return json.dumps(text)

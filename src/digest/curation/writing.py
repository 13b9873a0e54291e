"""An editor's file after an edit: read back before it may be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from digest.curation.edits import Edit
from digest.curation.front_matter import Change, change, check, put_body
from digest.errors import ContentError, Location
from digest.loaders.curator import load_curated
from digest.model import SourceFile, ThreadFile

_EMPTY = "---\n---\n\n"


def write(edit: Edit, data: bytes | None) -> bytes:
    """The bytes of the file with the edit made; `data` are those it has, None where it is new.

    Raises ContentError where it cannot be edited so that it reads back as it did, the changes aside.
    """
    try:
        text = _EMPTY if data is None else data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError(
            "the file is not UTF-8", Location(edit.path, line), "save it as UTF-8 first"
        ) from None
    check(text, edit.path)
    keys = ", ".join(dict.fromkeys(one.key for one in edit.changes))
    message = f"the front matter is of a form that cannot be edited here (to change: {keys})"
    unusual = ContentError(message, Location(edit.path), "edit it by hand")
    try:
        changed = change(text, edit.changes, edit.path)
        if edit.body is not None:
            changed = put_body(changed, edit.body, edit.path)
        new = changed.encode("utf-8")
    except ContentError:
        raise unusual from None
    before, after = _read(edit.path, text.encode("utf-8")), _read(edit.path, new)
    wanted = before
    for one in edit.changes:
        wanted = _changed(wanted, one)
    # Lines move, and a new file's title is the editor's or the machine's.
    aside: dict[str, Any] = {"problems": (), "lines": ()}
    if edit.is_new:
        aside |= {"id": "", "title": ""}
    if edit.body is not None:
        # The pictures it shows are its own, and its first heading may be the title.
        aside |= {"html": "", "assets": (), "title": "", "titled": False}
    if _faults(after) - _faults(before) or replace(after, **aside) != replace(wanted, **aside):
        raise unusual
    return new


def _faults(file: ThreadFile) -> Counter[str]:
    return Counter(problem.code for problem in file.problems)


def _read(path: str, data: bytes) -> ThreadFile:
    return load_curated([SourceFile(path, data)]).threads[0]


def _changed(file: ThreadFile, one: Change) -> ThreadFile:
    if one.on:
        return replace(file, **{one.key: True})
    if one.put is not None:
        titled = {"titled": True} if one.key == "title" else {}
        return replace(file, **{one.key: one.put.text}, **titled)
    held: Sequence[str] = [text for text in getattr(file, one.key) if text not in one.drop]
    added = dict.fromkeys([*held, *(entry.text for entry in one.add)])
    return replace(file, **{one.key: tuple(added)})

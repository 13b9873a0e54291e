"""New files: made from templates, and written only where nothing is."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from digest.errors import ContentError, Location

_TEMPLATES = Path(__file__).parent / "templates"
_MARK = re.compile(r"\{\{ (\w+) \}\}")


class NewFile(NamedTuple):
    """A file to be written: its path below the site's folder, and its text."""

    path: str
    text: str


def fill(name: str, values: Mapping[str, str] | None = None) -> str:
    """The template `name` with each `{{ key }}` replaced by its value. Marks of others are left:
    `${{ … }}` is an expression of GitHub's."""
    text = (_TEMPLATES / name).read_text("utf-8")
    known = values or {}
    return _MARK.sub(lambda match: known.get(match[1], match[0]), text)


def toml_text(value: str) -> str:
    """`value` as a TOML string: what JSON escapes, TOML escapes alike, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def taken(root: Path, files: Sequence[NewFile]) -> list[str]:
    """The paths of `files` at which something is already."""
    return [file.path for file in files if os.path.lexists(root / file.path)]


def write_new(root: Path, files: Sequence[NewFile]) -> None:
    """Writes all files below `root`, with the folders above them.

    Raises ContentError where one is there already, before any is written, or cannot be written: then
    those written are removed again.
    """
    if there := taken(root, files):
        more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
        raise ContentError(f"is there already{more}; nothing was written", Location(str(root / there[0])))
    written: list[Path] = []
    place = root
    try:
        for file in files:
            place = root / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("x", encoding="utf-8", newline="\n") as stream:
                written.append(place)
                stream.write(file.text)
    except OSError as error:
        for made in written:
            made.unlink(missing_ok=True)
        raise ContentError(f"cannot be written: {error.strerror}", Location(str(place))) from None

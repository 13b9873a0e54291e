"""Writes the editor's files to disk, all of an edit or none, and takes an edit back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from digest.curation.edits import Edit
from digest.curation.writing import write
from digest.errors import ContentError, Location


class Sheet(Struct, frozen=True):
    """One of the editor's files before and after an edit; None where it is not there. `path` is how a
    build names it, `place` where it lies."""

    path: str
    place: str
    before: bytes | None
    after: bytes | None

    @property
    def shown(self) -> str:
        """Its place as the user would name it."""
        return _shown(Path(self.place))


def draft(edits: Iterable[Edit], places: Mapping[str, str], folder: str) -> list[Sheet]:
    """What the edits make of the files, those left as they are aside. `places` tells where the files
    lie, `folder` is the content folder for new ones.

    Raises ContentError where a file cannot be edited, or a new one is there already.
    """
    sheets = []
    for edit in edits:
        place = Path(folder, edit.path) if edit.is_new else Path(places[edit.path])
        if edit.is_new and os.path.lexists(place):
            raise ContentError(
                "the file exists already", Location(_shown(place)), "give another id with --as"
            )
        before = None if edit.is_new else _read(place)
        after = write(edit, before)
        if after != before:
            sheets.append(Sheet(edit.path, str(place), before, after))
    return sheets


def file(sheets: Sequence[Sheet]) -> None:
    """Writes beside each file first and moves all into place at the end.

    Raises ContentError, with nothing changed, where a file is no longer what it was `before`.
    """
    ready: list[tuple[Path, Path]] = []
    place = Path()
    try:
        for sheet in sheets:
            place = Path(sheet.place).resolve()  # behind a symbolic link, which stays one
            if (place.read_bytes() if place.exists() else None) != sheet.before:
                raise ContentError("has been changed meanwhile", Location(sheet.shown), "edit it by hand")
            if sheet.after is not None:
                place.parent.mkdir(exist_ok=True)
                ready.append((place.with_name(f".{place.name}.new"), place))
                _write_beside(*ready[-1], sheet.after)
        for beside, place in ready:
            beside.replace(place)
        for gone in (sheet.place for sheet in sheets if sheet.after is None):
            Path(gone).unlink(missing_ok=True)
    except OSError as error:
        raise ContentError(f"cannot be written: {error.strerror}", Location(_shown(place))) from None
    finally:
        for beside, _ in ready:
            beside.unlink(missing_ok=True)


def _write_beside(beside: Path, place: Path, data: bytes) -> None:
    if place.exists() and not os.access(place, os.W_OK):
        raise PermissionError(None, "Permission denied")
    beside.write_bytes(data)
    if place.exists():
        shutil.copymode(place, beside)


def take_back(sheets: Sequence[Sheet]) -> None:
    """Puts the files of an edit back to what they were. Raises ContentError as `file` does."""
    file([msgspec.structs.replace(s, before=s.after, after=s.before) for s in reversed(sheets)])


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", Location(_shown(place))) from None


def _shown(place: Path) -> str:
    here = Path.cwd()
    return str(place.relative_to(here) if place.is_relative_to(here) else place)

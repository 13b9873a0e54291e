"""Bodies on disk: segments that are only ever appended to, each by one process.

A worker writes the bodies it made itself and reads those it needs by their place, so text
crosses no process border and passes no database. Whether a place holds is told by the size
of its segment; which bodies are still of use is told by the store's rows.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from digest.model import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_SEGMENTS = 40
_SPARE = 4 << 20  # bytes that may lie unused before anything is copied


class Place(Struct, frozen=True, gc=False, array_like=True):
    """Where a body lies: segment, offset, and the lengths of its HTML and text, all in bytes."""

    segment: str
    offset: int
    html: int
    text: int


class BodyWriter:
    """Appends bodies to a segment of this process's own."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._segment = ""
        self._file = -1
        self._offset = 0

    def write(self, bodies: Sequence[Body]) -> list[Place]:
        """The places of these bodies, which are on disk when this returns."""
        if self._file < 0:
            os.makedirs(self._folder, exist_ok=True)  # noqa: PTH103 - plain paths throughout
            self._segment = f"{secrets.token_hex(6)}.bodies"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
            self._file = os.open(f"{self._folder}/{self._segment}", flags, 0o644)
        places: list[Place] = []
        data: list[bytes] = []
        for body in bodies:
            html, text = body.html.encode("utf-8", "replace"), body.text.encode("utf-8", "replace")
            places.append(Place(self._segment, self._offset, len(html), len(text)))
            data += (html, text)
            self._offset += len(html) + len(text)
        pending = memoryview(b"".join(data))
        while pending:
            pending = pending[os.write(self._file, pending) :]
        return places

    def close(self) -> None:
        """Closes the segment."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class BodyReader:
    """Reads bodies by their place."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._files: dict[str, int] = {}

    def read(self, place: Place) -> Body:
        """The body at a place. Raises KeyError where there is none."""
        try:
            data = os.pread(self._open(place.segment), place.html + place.text, place.offset)
        except OSError:
            raise KeyError(place.segment) from None
        if len(data) != place.html + place.text:
            raise KeyError(place.segment)
        return Body(data[: place.html].decode(), data[place.html :].decode())

    def hold(self, places: Iterable[Place]) -> None:
        """Opens the segments of these places, so that they can be read though others remove them."""
        for segment in {place.segment for place in places}:
            with suppress(OSError):
                self._open(segment)

    def _open(self, segment: str) -> int:
        file = self._files.get(segment)
        if file is None:
            file = self._files[segment] = os.open(f"{self._folder}/{segment}", os.O_RDONLY)
        return file

    def close(self) -> None:
        """Closes all segments."""
        for file in self._files.values():
            os.close(file)
        self._files.clear()


def list_segments(folder: str) -> dict[str, int]:
    """The segments in the folder with their sizes in bytes."""
    try:
        return {e.name: e.stat().st_size for e in os.scandir(folder) if e.name.endswith(".bodies")}
    except OSError:
        return {}


def find_moves(places: Iterable[Place], sizes: dict[str, int]) -> dict[Place, None]:
    """The places to be copied to a new segment, because too much lies unused around them."""
    used = dict.fromkeys(places)
    live = sum(place.html + place.text for place in used)
    if sum(sizes.values()) > 2 * live + _SPARE or len(sizes) > _MOST_SEGMENTS:
        return used
    return {}


def copy_bodies(folder: str, places: Iterable[Place]) -> dict[Place, Place]:
    """Copies bodies to a new segment; old place to new."""
    reader, writer = BodyReader(folder), BodyWriter(folder)
    moved: dict[Place, Place] = {}
    for place in places:
        with suppress(KeyError):
            moved[place] = writer.write([reader.read(place)])[0]
    reader.close()
    writer.close()
    return moved


def drop_segments(folder: str, kept: Iterable[Place]) -> None:
    """Removes segments in which nothing is of use."""
    needed = {place.segment for place in kept}
    for segment in list_segments(folder):
        if segment not in needed:
            with suppress(OSError):
                os.unlink(f"{folder}/{segment}")  # noqa: PTH108

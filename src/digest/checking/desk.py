"""What a worker process of the check does: reads files of the output, or texts of the archive."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from digest.build.bodies import BodyReader, Place
from digest.checking.addresses import Tree
from digest.checking.output import Judged, judge_file
from digest.checking.pages import Fault
from digest.checking.texts import read_text


class Brief(Struct, frozen=True):
    """What every worker is told once: the output folder, all files in it, the site's address, and
    where bodies lie."""

    output: str
    paths: tuple[str, ...]
    url: str
    bodies: str


class Checker:
    """A worker. Tasks: `pages`, given output paths; `texts`, given the places of bodies."""

    def __init__(self, brief: Brief) -> None:
        self._output = Path(brief.output)
        self._tree = Tree(brief.paths, brief.url)
        self._bodies = BodyReader(brief.bodies)
        self._encode = msgspec.msgpack.Encoder().encode

    def work(self, name: str, payload: bytes) -> bytes:
        """The answer to a batch."""
        if name == "pages":
            paths = msgspec.msgpack.decode(payload, type=list[str])
            return self._encode([self._judge(path) for path in paths])
        places = msgspec.msgpack.decode(payload, type=list[Place | None])
        return self._encode([read_text(self._text(place)) for place in places])

    def close(self) -> None:
        """Closes what is open."""
        self._bodies.close()

    def _judge(self, path: str) -> Judged:
        try:
            data = (self._output / path).read_bytes()
        except OSError as error:
            return Judged(path, (Fault("unreadable", f"cannot be read: {error.strerror}"),))
        return judge_file(path, data, self._tree)

    def _text(self, place: Place | None) -> str:
        try:
            return self._bodies.read(place).text if place is not None else ""
        except KeyError:
            return ""


def hire(brief: bytes) -> Checker:
    """A worker with this brief."""
    return Checker(msgspec.msgpack.decode(brief, type=Brief))

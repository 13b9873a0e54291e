"""What a worker process does: hash, load and render. Paths, keys and bytes cross the process
border, objects don't; bodies are fetched from the store here, never sent."""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from digest.build import scan
from digest.build.output import digest_bytes
from digest.build.store import BodyReader
from digest.config import SiteConfig
from digest.errors import Problem, RenderError
from digest.model import Body, SourceFile

if TYPE_CHECKING:
    from digest.loaders import Reader
    from digest.renderer.render import Renderer
    from digest.taxonomy import TopicRules


class Brief(Struct, frozen=True):
    """All a worker needs to know: the configuration and where the store lies."""

    config: SiteConfig
    store: str


class LoadAnswer(Struct, frozen=True, gc=False):
    """What a file gave: the digest of its bytes, and a version with its body, or a problem."""

    digest: bytes
    problem: Problem | None = None
    source: str = ""
    version: bytes = b""
    body_digest: str = ""
    html: str = ""
    text: str = ""


class RenderTask(Struct, frozen=True, gc=False):
    """A job on its way to a worker. `place` is where the bytes are staged unless their digest
    is `present`, that of the file already lying in the output folder."""

    url: str
    template: str
    view: bytes
    bodies: tuple[str, ...]
    place: str
    present: str


class RenderAnswer(Struct, frozen=True, gc=False):
    """What a job gave: digest and size of the bytes, and whether they were staged."""

    digest: str
    size: int
    staged: bool


_encoder = msgspec.msgpack.Encoder()


class Desk:
    """One worker's tools, each made when first needed."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._decode_found = msgspec.msgpack.Decoder(list[scan.Found]).decode
        self._decode_render = msgspec.msgpack.Decoder(list[RenderTask]).decode
        self._view_decoders: dict[str, msgspec.msgpack.Decoder[Struct]] = {}

    @cached_property
    def _reader(self) -> Reader:
        from digest.loaders import Reader  # noqa: PLC0415 - a build that only renders does without

        return Reader(self._brief.config.profiles, Path(self._brief.config.site))

    @cached_property
    def _topics(self) -> TopicRules:
        from digest.taxonomy import TopicRules  # noqa: PLC0415

        return TopicRules(self._brief.config.topics)

    @cached_property
    def _renderer(self) -> Renderer:
        from digest.renderer.render import Renderer  # noqa: PLC0415 - a build that only loads does without
        from digest.renderer.templates import load_theme  # noqa: PLC0415

        config = self._brief.config
        return Renderer(load_theme(config.templates, config.static), config)

    @cached_property
    def _bodies(self) -> BodyReader:
        return BodyReader(self._brief.store)

    def work(self, name: str, payload: bytes) -> bytes:
        """Does one batch: `hash` or `load` of files, or `render` of jobs."""
        if name == "hash":
            return b"".join(scan.hash_file(found) for found in self._decode_found(payload))
        if name == "load":
            return _encoder.encode([self._load(found) for found in self._decode_found(payload)])
        return _encoder.encode([self._render(task) for task in self._decode_render(payload)])

    def _load(self, found: scan.Found) -> LoadAnswer:
        from digest.loaders import load  # noqa: PLC0415
        from digest.taxonomy import classify  # noqa: PLC0415

        data = scan.read(found)
        if isinstance(data, Problem):
            return LoadAnswer(scan.NOTHING, problem=data)
        digest = blake2b(data, digest_size=16).digest()
        loaded = load(SourceFile(found.path, data), self._reader)
        if isinstance(loaded, Problem):
            return LoadAnswer(digest, problem=loaded)
        version, body = loaded.version, loaded.body
        topics = classify(version, body.text, self._topics)
        if topics:
            version = msgspec.structs.replace(version, topics=topics)
        return LoadAnswer(
            digest, None, version.source, _encoder.encode(version), version.body, body.html, body.text
        )

    def _render(self, task: RenderTask) -> RenderAnswer:
        data = self.render(task)
        digest = digest_bytes(data)
        if digest == task.present:
            return RenderAnswer(digest, len(data), staged=False)
        with open(task.place, "wb", buffering=0) as stream:  # noqa: PTH123 - 10 µs a page cheaper than Path
            stream.write(data)
        return RenderAnswer(digest, len(data), staged=True)

    def render(self, task: RenderTask) -> bytes:
        """The bytes of one job. Raises RenderError."""
        from digest.renderer import VIEWS  # noqa: PLC0415

        decoder = self._view_decoders.get(task.template)
        if decoder is None:
            decoder = self._view_decoders[task.template] = msgspec.msgpack.Decoder(VIEWS[task.template])
        bodies: dict[str, Body] = {}
        for digest in task.bodies:
            try:
                bodies[digest] = self._bodies.body(digest)
            except KeyError:
                raise RenderError(
                    f"the text of {task.url} is not in the store", hint="run digest build --clean"
                ) from None
        return self._renderer.render(task.template, decoder.decode(task.view), bodies)


def hire(argument: bytes) -> Desk:
    """Makes a worker from an encoded `Brief`."""
    return Desk(msgspec.msgpack.decode(argument, type=Brief))

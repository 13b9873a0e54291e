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
from digest.build.bodies import BodyReader, BodyWriter, Place
from digest.build.grouping import find_copies, fold_days
from digest.build.output import digest_bytes
from digest.config import SiteConfig
from digest.errors import Problem, RenderError
from digest.model import Loaded, SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.loaders import Reader
    from digest.renderer.render import Renderer
    from digest.taxonomy import TopicRules


class Brief(Struct, frozen=True):
    """All a worker needs to know: the configuration and where the bodies lie."""

    config: SiteConfig
    bodies: str


class LoadAnswer(Struct, frozen=True, gc=False):
    """What a file gave: the digest of its bytes, and a version with the place of its body, or a problem."""

    digest: bytes
    problem: Problem | None = None
    source: str = ""
    version: bytes = b""
    body: str = ""
    place: Place | None = None
    sketch: bytes = b""


class RenderTask(Struct, frozen=True, gc=False):
    """A job on its way to a worker. `place` is where the bytes are staged unless their digest
    is `present`, that of the file already lying in the output folder."""

    url: str
    template: str
    view: bytes
    bodies: tuple[tuple[str, Place], ...]
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
        self._tasks: dict[str, Callable[[bytes], bytes]] = {
            "prepare": self._prepare,
            "warm": self._warm,
            "hash": self._hash,
            "load": self._load_found,
            "fold": fold_days,
            "copies": find_copies,
            "tell": _tell,
            "render": self._render_batch,
        }

    @cached_property
    def _reader(self) -> Reader:
        from digest.loaders import Reader  # noqa: PLC0415 - a build that only renders does without

        config = self._brief.config
        return Reader(config.profiles, Path(config.site), config.permalinks)

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
    def _writer(self) -> BodyWriter:
        return BodyWriter(self._brief.bodies)

    @cached_property
    def _bodies(self) -> BodyReader:
        return BodyReader(self._brief.bodies)

    def warm_up(self) -> None:
        """Makes what loading and rendering need; each worker forked afterwards has it."""
        from digest.loaders import load  # noqa: F401, PLC0415
        from digest.taxonomy import classify  # noqa: F401, PLC0415

        _ = (self._reader, self._topics, self._renderer)
        if self._brief.config.threads_automatic:
            from digest.grouping.terms import warm_up  # noqa: PLC0415

            warm_up()
            import digest.grouping.gather  # noqa: F401, PLC0415 - and all the libraries that fold

    def close(self) -> None:
        """Closes what is open."""
        for tool in ("_writer", "_bodies"):
            if tool in self.__dict__:
                getattr(self, tool).close()

    def work(self, name: str, payload: bytes) -> bytes:
        """Does one batch: `hash` or `load` of files, `copies` or `tell` of stories, `render` of jobs; or one
        `fold`. `prepare` makes what loading and folding need, `warm` what rendering does."""
        return self._tasks[name](payload)

    def _prepare(self, _: bytes) -> bytes:
        self.warm_up()
        return b""

    def _warm(self, _: bytes) -> bytes:
        self._renderer.compile_templates()
        return b""

    def _hash(self, payload: bytes) -> bytes:
        return b"".join(scan.hash_file(found) for found in self._decode_found(payload))

    def _load_found(self, payload: bytes) -> bytes:
        return _encoder.encode(self._load_batch(self._decode_found(payload)))

    def _render_batch(self, payload: bytes) -> bytes:
        return _encoder.encode([self._render(task) for task in self._decode_render(payload)])

    def _load_batch(self, files: list[scan.Found]) -> list[LoadAnswer]:
        outcomes = [self._load(found) for found in files]
        loaded = [outcome for _, outcome in outcomes if isinstance(outcome, Loaded)]
        places = iter(self._writer.write([each.body for each in loaded]))
        sketches = iter(self._sketch(loaded))
        answers = []
        for digest, outcome in outcomes:
            if isinstance(outcome, Problem):
                answers.append(LoadAnswer(digest, problem=outcome))
            else:
                version = outcome.version
                data, body = _encoder.encode(version), version.body
                answers.append(
                    LoadAnswer(digest, None, version.source, data, body, next(places), next(sketches))
                )
        return answers

    def _load(self, found: scan.Found) -> tuple[bytes, Loaded | Problem]:
        from digest.loaders import load  # noqa: PLC0415
        from digest.taxonomy import classify  # noqa: PLC0415

        data = scan.read(found)
        if isinstance(data, Problem):
            return scan.NOTHING, data
        digest = blake2b(data, digest_size=16).digest()
        loaded = load(SourceFile(found.path, data), self._reader)
        if isinstance(loaded, Loaded):
            topics = classify(loaded.version, loaded.body.text, self._topics)
            if topics:
                version = msgspec.structs.replace(loaded.version, topics=topics)
                loaded = Loaded(version, loaded.body)
        return digest, loaded

    def _sketch(self, loaded: list[Loaded]) -> list[bytes]:
        if not self._brief.config.threads_automatic:
            return [b""] * len(loaded)
        from digest.grouping.terms import sketch_all  # noqa: PLC0415

        return [_encoder.encode(each) for each in sketch_all([(a.version, a.body.text) for a in loaded])]

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
        try:
            bodies = {digest: self._bodies.read(place) for digest, place in task.bodies}
        except KeyError:
            message = f"the text of {task.url} is not in the store"
            raise RenderError(message, hint="run digest build --clean") from None
        return self._renderer.render(task.template, decoder.decode(task.view), bodies)


def _tell(payload: bytes) -> bytes:
    from digest.taxonomy.material import Material  # noqa: PLC0415 - most builds of a few files do without
    from digest.taxonomy.telling import tell  # noqa: PLC0415

    decode = msgspec.msgpack.Decoder(Material).decode
    stories = msgspec.msgpack.decode(payload, type=list[bytes])
    return _encoder.encode([_encoder.encode(tell(decode(story))) for story in stories])


def hire(argument: bytes) -> Desk:
    """Makes a worker from an encoded `Brief`."""
    return Desk(msgspec.msgpack.decode(argument, type=Brief))


def prepare(argument: bytes) -> Callable[[bytes], Desk]:
    """Lays out a desk; what is returned hires workers who find it so, 0.3 s saved in each of them.
    For forked workers only: to a spawned one it cannot be sent."""
    desk = hire(argument)
    desk.warm_up()
    return lambda _: desk

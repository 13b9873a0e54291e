"""The second half of a build: from the plan's jobs to bytes staged for the output folder,
rendering only what the store does not remember or the folder does not hold."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from digest.build.desk import RenderAnswer, RenderTask
from digest.build.fingerprint import RENDER, code_digest, digest_of
from digest.build.output import Written, digest_bytes, path_of
from digest.errors import RouteCollision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from digest.build.output import OutputFolder
    from digest.build.run import Run
    from digest.renderer.job import Job
    from digest.renderer.templates import Theme

_BATCH = 50
# What a page's HTML cannot depend on but through its view.
_NOT_RENDERED = frozenset({
    "site", "content", "output", "templates", "static", "ignore", "topics", "profiles", "hooks",
    "fingerprint", "permalinks", "publish", "check_ignore",
})  # fmt: skip


class Rendering(Struct, frozen=True):
    """What a build puts into the output folder: every output by path, where new bytes wait,
    the render keys with the digest they gave, and how many jobs were rendered, not remembered."""

    outputs: dict[str, Written]
    staged: dict[str, str]
    renders: dict[bytes, bytes]
    rendered: int
    mismatches: tuple[str, ...] = ()


class Routes:
    """Who asked for which output. Raises RouteCollision when two did."""

    def __init__(self) -> None:
        self._origins: dict[str, str] = {}

    def claim(self, url: str, origin: str) -> str:
        """The output path of `url`, now belonging to `origin`."""
        path = path_of(url)
        first = self._origins.setdefault(path, origin)
        if first is not origin:
            raise RouteCollision(url, first, origin)
        return path


class Copies(Struct, frozen=True):
    """Files copied as they are: the outputs by path, and where new bytes are staged."""

    outputs: dict[str, Written]
    staged: dict[str, str]


def render_jobs(
    run: Run,
    jobs: Iterable[Job],
    theme: Theme,
    remembered: Mapping[bytes, bytes],
    folder: OutputFolder,
    routes: Routes,
    pages: int,
) -> Rendering:
    """Renders what must be, by the crew. `pages` is about how many jobs there will be, for the display."""
    verify = run.options.verify
    encode = msgspec.msgpack.Encoder().encode
    settings = {k: v for k, v in msgspec.structs.asdict(run.config).items() if k not in _NOT_RENDERED}
    base = digest_of(code_digest(RENDER), encode(settings))
    closures: dict[str, bytes] = {}
    outputs: dict[str, Written] = {}
    renders: dict[bytes, bytes] = {}
    seen = 0

    def tasks() -> Iterator[tuple[RenderTask, str, bytes]]:
        nonlocal seen
        for job in jobs:
            seen += 1
            path = routes.claim(job.url, job.origin or job.url)
            closure = closures.get(job.template)
            if closure is None:
                closure = closures[job.template] = digest_of(
                    base, theme.closure_digest(job.template).encode()
                )
            view = encode(job.view)
            key = digest_of(closure, job.url.encode(), view, *(d.encode() for d in job.bodies))
            known = remembered.get(key)
            present = folder.known[path].digest if not folder.alters(path) else ""
            if known is not None and known.hex() == present and not verify:
                outputs[path] = folder.known[path]
                renders[key] = known
                continue
            place = f"{folder.staging}/{seen}"
            bodies = tuple((digest, run.store.place(digest)) for digest in job.bodies)
            yield RenderTask(job.url, job.template, view, bodies, place, present), path, key

    staged: dict[str, str] = {}
    mismatches: list[str] = []
    rendered = 0
    decode = msgspec.msgpack.Decoder(list[RenderAnswer]).decode
    for batch, answer in run.crew.run_batches("render", _batches(tasks()), lambda item: item[0]):
        for (task, path, key), done in zip(batch, decode(answer), strict=True):
            outputs[path] = Written(done.digest, done.size)
            known = remembered.get(key)
            if verify and known is not None and known.hex() != done.digest:
                mismatches.append(task.url)
            renders[key] = bytes.fromhex(done.digest)
            if done.staged:
                staged[path] = task.place
            rendered += 1
        run.progress("writing", seen, max(pages, seen))
    return Rendering(outputs, staged, renders, rendered, tuple(sorted(mismatches)))


def _batches(
    tasks: Iterator[tuple[RenderTask, str, bytes]],
) -> Iterator[list[tuple[RenderTask, str, bytes]]]:
    while batch := list(islice(tasks, _BATCH)):
        yield batch


def stage_copies(copies: Iterable[tuple[str, bytes, str]], folder: OutputFolder, routes: Routes) -> Copies:
    """Stages files that are copied as they are: (URL, bytes, origin)."""
    outputs: dict[str, Written] = {}
    staged: dict[str, str] = {}
    for number, (url, data, origin) in enumerate(copies):
        path = routes.claim(url, origin)
        digest = digest_bytes(data)
        outputs[path] = Written(digest, len(data))
        if not folder.holds(path, digest):
            place = Path(folder.staging, f"copy-{number}")
            place.write_bytes(data)
            staged[path] = str(place)
    return Copies(outputs, staged)

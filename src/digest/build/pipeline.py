"""The one readable pipeline: scan, read, assemble, plan, render, write.

Only this package knows of caching, processes and disk; every stage it calls is pure.
A whole-edition key over all inputs, the code and the output manifest answers 'nothing
changed' before anything is loaded.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from digest.build import scan
from digest.build.accounts import Edition, account, find_assets
from digest.build.crew import Crew, can_fork, count_cores
from digest.build.desk import Brief, hire, prepare
from digest.build.fingerprint import EVERYTHING, code_digest, digest_of, tree_digest
from digest.build.output import OutputFolder
from digest.build.reading import hash_files, read_articles
from digest.build.report import BuildReport
from digest.build.run import FEW, Clock, Options, Progress, Run, be_silent
from digest.build.store import EditionRow, Store
from digest.errors import ContentError
from digest.places import cache_folder, is_curator_path, left_out, theme_folders

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from digest.build.writing import Rendering
    from digest.config import SiteConfig


class StrictError(ContentError):
    """Problems under `--strict`: nothing was published. `report` tells them."""

    def __init__(self, report: BuildReport) -> None:
        super().__init__(f"{len(report.problems)} problems, and --strict: nothing was published")
        self.report = report


def build_site(config: SiteConfig, *, progress: Progress = be_silent, **options: Any) -> BuildReport:
    """Builds the whole site into `config.output` and says what was done.

    `options` are the fields of `Options`. Raises `DigestError` (`RouteCollision`, `RenderError`,
    `StrictError`) with the last good site left in place.
    """
    clock = Clock()
    asked = Options(**options)
    with _open_run(config, asked, progress) as (run, files):
        digests = _hash_known(run, files)
        clock.lap("scan")
        folder = OutputFolder(config.output)
        last = None if asked.verify else run.store.edition(config.output)
        if last and _is_current(last, edition_key(config, files, digests, asked.now), folder):
            report = _repeat(last, clock)
        else:
            if run.store.knows_readings():
                run.crew.hint("prepare", most=1)  # likely some file is new, and one worker enough
            edition = _assemble(run, files, digests)
            clock.lap("read")
            report = _publish(run, edition, folder, clock)
        if asked.strict and report.problems:
            raise StrictError(report)
        return report


@contextmanager
def read_edition(config: SiteConfig, **options: Any) -> Iterator[tuple[Edition, Store]]:
    """Reads and assembles without rendering, for `digest export`."""
    with _open_run(config, Options(**options), be_silent) as (run, files):
        yield _assemble(run, files, _hash_known(run, files)), run.store


@contextmanager
def _open_run(
    config: SiteConfig, options: Options, progress: Progress
) -> Iterator[tuple[Run, tuple[scan.Found, ...]]]:
    files = scan.scan(config.content, config.ignore, is_curator_path, left_out(config))
    store = Store(cache_folder(config))
    collects = gc.isenabled()
    gc.disable()  # hardly anything a build makes has cycles, and it keeps most of it: 5 s of 42 saved
    try:
        if options.clean:
            store.clear()
        workers = (options.workers or count_cores()) if len(files) > FEW else 1
        brief = msgspec.msgpack.encode(Brief(config, store.bodies))
        forks = options.forks and can_fork()
        # In a first build there will be work for everyone; in a later one perhaps for nobody.
        ready = workers > 1 and forks and not store.edition(config.output)
        with Crew(workers, prepare(brief) if ready else hire, brief, forks=forks) as crew:
            yield Run(config, options, store, crew, progress), files
    finally:
        store.close()
        if collects:
            gc.enable()


def _hash_known(run: Run, files: Sequence[scan.Found]) -> dict[str, bytes]:
    """The digests of all files; where nothing is remembered, articles are hashed as they are read."""
    left = ("problem",) if run.store.knows_readings() else ("problem", "article")
    return hash_files([f for f in files if f.kind not in left], run.crew)


def edition_key(
    config: SiteConfig, files: Sequence[scan.Found], digests: Mapping[str, bytes], now: datetime | None
) -> bytes:
    """What the whole output hangs on: all files with the digests of their bytes, settings, theme and code."""
    listing = [(f.path, f.kind, digests.get(f.path, b"")) for f in files]
    return digest_of(
        code_digest(EVERYTHING),
        config.fingerprint.encode(),
        tree_digest(theme_folders(config)),
        msgspec.msgpack.encode(listing),
        now.isoformat().encode() if now else b"",
    )


def _is_current(last: EditionRow, key: bytes, folder: OutputFolder) -> bool:
    return last.key == key and last.manifest == digest_of(folder.manifest_bytes) and folder.is_intact()


def _repeat(last: EditionRow, clock: Clock) -> BuildReport:
    report = msgspec.msgpack.decode(last.report, type=BuildReport)
    clock.lap("check")
    return msgspec.structs.replace(
        report, loaded=0, rendered=0, written=0, removed=0, unchanged=report.outputs, timings=clock.total()
    )


def _assemble(run: Run, files: Sequence[scan.Found], digests: dict[str, bytes]) -> Edition:
    # Not where nothing changed.
    from digest.build.assembling import put_together, read_curated  # noqa: PLC0415

    readings = read_articles(run, [f for f in files if f.kind == "article"], digests)
    curated, rejected = read_curated(files)
    readings = msgspec.structs.replace(
        readings, rejected=readings.rejected | rejected, digests=digests | readings.digests
    )
    return put_together(run, files, readings, curated)


def _publish(run: Run, edition: Edition, folder: OutputFolder, clock: Clock) -> BuildReport:
    """Renders, and only when all went well moves the new site into place."""
    assets, missing = find_assets(edition.digest, edition.files)
    report = account(edition, missing)
    if run.options.strict and report.problems:
        return msgspec.structs.replace(report, timings=clock.total())
    remembered = run.store.renders()
    folder.prepare()
    try:
        rendering = _render(run, edition, assets, remembered, folder)
    except BaseException:
        folder.discard()
        raise
    clock.lap("render")
    removed = folder.commit(rendering.staged, rendering.outputs)
    report = msgspec.structs.replace(
        report,
        rendered=rendering.rendered,
        written=len(rendering.staged),
        unchanged=len(rendering.outputs) - len(rendering.staged),
        removed=removed,
        outputs=len(rendering.outputs),
        output_bytes=sum(w.size for w in rendering.outputs.values()),
        mismatches=edition.readings.mismatches + rendering.mismatches,
    )
    clock.lap("write")
    _remember(run, edition, rendering, remembered)
    key = edition_key(run.config, edition.files, edition.readings.digests, run.options.now)
    row = EditionRow(key, digest_of(folder.manifest_bytes), msgspec.msgpack.encode(report))
    run.store.keep_edition(run.config.output, row)
    clock.lap("remember")
    return msgspec.structs.replace(report, timings=clock.total())


def _render(
    run: Run,
    edition: Edition,
    assets: dict[str, scan.Found],
    remembered: dict[bytes, bytes],
    folder: OutputFolder,
) -> Rendering:
    from digest.build.writing import Routes, render_jobs, stage_copies  # noqa: PLC0415
    from digest.renderer.plan import plan  # noqa: PLC0415
    from digest.renderer.templates import load_theme  # noqa: PLC0415

    theme = load_theme(run.config.templates, run.config.static)
    routes = Routes()
    copies = [(url, data, f"static{url}") for url, data in theme.static_files()]
    pictures = ((url, Path(found.place).read_bytes(), found.path) for url, found in sorted(assets.items()))
    copied = stage_copies([*copies, *pictures], folder, routes)
    own = {url for url, _, _ in copies}
    # A host's file that many sites write themselves, and pages that only lead on: the site's own stands.
    jobs = (
        job
        for job in plan(edition.digest, run.config)
        if f"/{job.path}" not in own or (job.url != "/robots.txt" and job.template != "redirect.html")
    )
    rendering = render_jobs(run, jobs, theme, remembered, folder, routes, len(edition.digest.pages))
    return msgspec.structs.replace(
        rendering, outputs=copied.outputs | rendering.outputs, staged=copied.staged | rendering.staged
    )


def _remember(run: Run, edition: Edition, rendering: Rendering, remembered: dict[bytes, bytes]) -> None:
    store, renders, stale = run.store, rendering.renders, edition.readings.stale
    store.keep_renders((k, v) for k, v in renders.items() if remembered.get(k) != v)
    store.forget(loads=stale, renders=[k for k in remembered if k not in renders])
    if stale or edition.readings.loaded or run.options.verify:
        store.tidy()

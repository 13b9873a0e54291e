"""The one readable pipeline: scan, read, assemble, plan, render, write.

Only this package knows of caching, processes and disk; every stage it calls is pure.
A whole-edition key over all inputs, the code and the output manifest answers 'nothing
changed' before anything is loaded.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from digest.build import scan
from digest.build.crew import Crew, count_cores
from digest.build.desk import Brief, hire
from digest.build.fingerprint import EVERYTHING, code_digest, digest_of, tree_digest
from digest.build.output import OutputFolder
from digest.build.reading import hash_files, read_articles
from digest.build.accounts import Edition, account, find_assets
from digest.build.report import BuildReport
from digest.build.store import EditionRow, Store
from digest.places import is_curator_path, theme_folders
from digest.errors import ContentError, DigestError, Problem
from digest.ids import asset_path, asset_url
from digest.model import Digest, Page, SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.config import SiteConfig
    from digest.renderer.templates import Theme

_FEW = 200
"""Files below which starting worker processes costs more than it saves."""


def _silent(_stage: str, _done: int, _total: int) -> None:
    return


class StrictError(ContentError):
    """Problems under `--strict`: nothing was published. `report` tells them."""

    def __init__(self, report: BuildReport) -> None:
        super().__init__(f"{len(report.problems)} problems, and --strict: nothing was published")
        self.report = report


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._start = self._last = perf_counter()

    def lap(self, stage: str) -> None:
        now = perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._last, 4)
        self._last = now

    def total(self) -> dict[str, float]:
        return {**self.seconds, "total": round(perf_counter() - self._start, 4)}


def build_site(  # noqa: PLR0913 - one keyword for each option of `digest build`
    config: SiteConfig,
    *,
    workers: int | None = None,
    strict: bool = False,
    clean: bool = False,
    verify: bool = False,
    forks: bool = True,
    now: datetime | None = None,
    progress: Callable[[str, int, int], None] = _silent,
) -> BuildReport:
    """Builds the whole site into `config.output` and says what was done.

    `workers` defaults to the cores there are; `now` stands for the clock (else the newest
    plausible fetch time in the archive does). `verify` recomputes everything remembered and
    reports what differs. `forks=False` where the caller runs threads. Raises `DigestError`
    (`RouteCollision`, `RenderError`, `StrictError`) with the last good site left in place.
    """
    clock = _Clock()
    files = _scan(config)
    store = Store(Path(config.site, ".digest"))
    try:
        if clean:
            store.clear()
        crew_size = (workers or count_cores()) if len(files) > _FEW else 1
        brief = msgspec.msgpack.encode(Brief(config, str(store.path)))
        with Crew(crew_size, hire, brief, forks=forks) as crew:
            digests = hash_files([f for f in files if f.kind != "problem"], crew)
            clock.lap("scan")
            key = _edition_key(config, files, digests, now)
            folder = OutputFolder(config.output)
            last = store.edition(config.output)
            if last and not verify and _is_current(last, key, folder):
                report = _again(last, clock)
                if strict and report.problems:
                    raise StrictError(report)
                return report
            return _build(
                config, files, digests, key, folder, store, crew, clock,
                strict=strict, verify=verify, now=now, progress=progress,
            )  # fmt: skip
    finally:
        store.close()


def read_edition(
    config: SiteConfig,
    *,
    workers: int | None = None,
    now: datetime | None = None,
) -> tuple[Edition, Store]:
    """Reads and assembles without rendering, for `digest export`. The caller closes the store."""
    files = _scan(config)
    store = Store(Path(config.site, ".digest"))
    crew_size = (workers or count_cores()) if len(files) > _FEW else 1
    brief = msgspec.msgpack.encode(Brief(config, str(store.path)))
    try:
        with Crew(crew_size, hire, brief) as crew:
            digests = hash_files([f for f in files if f.kind != "problem"], crew)
            edition = _assemble(config, files, digests, store, crew, now=now, verify=False, progress=_silent)
    except BaseException:
        store.close()
        raise
    return edition, store


def _scan(config: SiteConfig) -> tuple[scan.Found, ...]:
    return scan.scan(config.content, config.ignore, is_curator_path)


def _edition_key(
    config: SiteConfig, files: Sequence[scan.Found], digests: dict[str, bytes], now: datetime | None
) -> bytes:
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


def _again(last: EditionRow, clock: _Clock) -> BuildReport:
    report = msgspec.msgpack.decode(last.report, type=BuildReport)
    clock.lap("check")
    return msgspec.structs.replace(
        report, loaded=0, rendered=0, written=0, removed=0, unchanged=report.outputs, timings=clock.total()
    )


def _assemble(  # noqa: PLR0913
    config: SiteConfig,
    files: Sequence[scan.Found],
    digests: dict[str, bytes],
    store: Store,
    crew: Crew,
    *,
    now: datetime | None,
    verify: bool,
    progress: Callable[[str, int, int], None],
) -> Edition:
    from digest.loaders.curator import load_curated  # noqa: PLC0415 - imports what 'nothing changed' does without
    from digest.taxonomy import assemble  # noqa: PLC0415

    articles = [f for f in files if f.kind == "article"]
    readings = read_articles(articles, digests, config, store, crew, verify=verify, progress=progress)
    sources, unread = [], list[Problem]()
    for found in files:
        if found.kind == "curator":
            data = scan.read(found)
            if isinstance(data, Problem):
                unread.append(data)
            else:
                sources.append(SourceFile(found.path, data))
    curated = load_curated(sources)
    for problem in unread:
        readings.rejected[problem.path] = problem
    digest = assemble(readings.versions, curated, config, lambda body: store.body(body).text, now=now)
    return Edition(tuple(files), readings, digest)


def _build(  # noqa: PLR0913
    config: SiteConfig,
    files: Sequence[scan.Found],
    digests: dict[str, bytes],
    key: bytes,
    folder: OutputFolder,
    store: Store,
    crew: Crew,
    clock: _Clock,
    *,
    strict: bool,
    verify: bool,
    now: datetime | None,
    progress: Callable[[str, int, int], None],
) -> BuildReport:
    from digest.build.writing import Routes, render_jobs, stage_copies  # noqa: PLC0415
    from digest.renderer.plan import plan  # noqa: PLC0415
    from digest.renderer.templates import load_theme  # noqa: PLC0415

    edition = _assemble(config, files, digests, store, crew, now=now, verify=verify, progress=progress)
    clock.lap("read")
    digest = edition.digest
    theme = load_theme(config.templates, config.static)
    assets, missing = find_assets(digest, files)
    report = account(edition, missing)
    if strict and report.problems:
        raise StrictError(msgspec.structs.replace(report, timings=clock.total()))
    folder.prepare()
    remembered = store.renders()
    routes = Routes()
    try:
        copied, staged = stage_copies(_copies(theme, assets), folder, routes)
        rendering = render_jobs(
            plan(digest, config, theme), config, theme, remembered, folder, routes, crew,
            total=len(remembered) or len(digest.pages), verify=verify, progress=progress,
        )  # fmt: skip
    except BaseException:
        folder.discard()
        raise
    clock.lap("render")
    outputs = copied | rendering.outputs
    staged |= rendering.staged
    removed = folder.commit(staged, outputs)
    report = msgspec.structs.replace(
        report,
        rendered=rendering.rendered,
        written=len(staged),
        unchanged=len(outputs) - len(staged),
        removed=removed,
        outputs=len(outputs),
        output_bytes=sum(w.size for w in outputs.values()),
        mismatches=edition.readings.mismatches + rendering.mismatches,
    )
    clock.lap("write")
    _remember(config, key, folder, store, edition, rendering.renders, remembered, report)
    clock.lap("remember")
    return msgspec.structs.replace(report, timings=clock.total())


def _remember(  # noqa: PLR0913
    config: SiteConfig,
    key: bytes,
    folder: OutputFolder,
    store: Store,
    edition: Edition,
    renders: dict[bytes, bytes],
    remembered: dict[bytes, bytes],
    report: BuildReport,
) -> None:
    store.keep_renders((k, v) for k, v in renders.items() if remembered.get(k) != v)
    store.forget(
        loads=edition.readings.stale, renders=[k for k in remembered if k not in renders]
    )
    if edition.readings.stale:
        store.drop_bodies({v.body for v in edition.readings.versions})
    row = EditionRow(key, digest_of(folder.manifest_bytes), msgspec.msgpack.encode(report))
    store.keep_edition(config.output, row)
    store.commit()


def _copies(theme: Theme, assets: dict[str, scan.Found]) -> Iterator[tuple[str, bytes, str]]:
    for url, data in theme.static_files():
        yield url, data, f"static{url}"
    for url in sorted(assets):
        found = assets[url]
        with contextlib.suppress(OSError):
            yield url, Path(found.place).read_bytes(), found.path

"""From what was read to a whole edition, its stories remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.build import scan
from digest.build.accounts import Edition
from digest.build.run import FEW
from digest.build.stories import Grouper, Teller
from digest.errors import Problem
from digest.loaders.curator import load_curated
from digest.model import Grouping, SourceFile
from digest.taxonomy import complete, survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from digest.build.reading import Readings
    from digest.build.run import Run
    from digest.model import Curated, Page


def read_curated(files: Iterable[scan.Found]) -> tuple[Curated, dict[str, Problem]]:
    """What the curator's files say, and by path why one could not be read."""
    sources: list[SourceFile] = []
    rejected: dict[str, Problem] = {}
    for found in files:
        if found.kind == "curator":
            data = scan.read(found)
            if isinstance(data, Problem):
                rejected[found.path] = data
            else:
                sources.append(SourceFile(found.path, data))
    return load_curated(sources), rejected


def put_together(run: Run, files: Sequence[scan.Found], readings: Readings, curated: Curated) -> Edition:
    """The edition of these readings and the curator's files."""
    grouper = Grouper(run.config, run.store, readings, run.crew)
    waiting: list[Callable[[], Grouping]] = []

    def begin(pages: Sequence[Page]) -> None:
        if run.config.threads_automatic:
            waiting.append(grouper.begin(pages))
        if readings.loaded > FEW:
            run.crew.hint("warm")  # the workers would be idle until the first page is planned

    surveyed = survey(
        readings.versions,
        curated,
        run.config,
        lambda body: run.store.body(body).text,
        run.options.now,
        begin,
    )
    grouping = waiting[0]() if waiting else Grouping()
    digest = complete(surveyed, curated, grouping, Teller(run.store, run.crew).tell_all)
    return Edition(tuple(files), readings, curated, surveyed, grouping, digest)

"""What all stages of one build share: its options and its tools."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from msgspec import Struct

from digest.build.crew import Crew
from digest.build.store import Store
from digest.config import SiteConfig

FEW = 200
"""Files below which starting worker processes costs more than it saves."""

Progress = Callable[[str, int, int], None]
"""Told the stage, how many files are done, and how many there are."""


def be_silent(_stage: str, _done: int, _total: int) -> None:
    """The progress display of a pipe."""


class Options(Struct, frozen=True):
    """What `digest build` was asked for. `workers` defaults to the cores there are; `now` stands
    for the clock (else the newest plausible fetch time in the archive does); `verify` recomputes
    everything remembered; `forks` is False where the caller runs threads."""

    workers: int | None = None
    strict: bool = False
    clean: bool = False
    verify: bool = False
    forks: bool = True
    now: datetime | None = None


class Run(Struct, frozen=True):
    """One build under way."""

    config: SiteConfig
    options: Options
    store: Store
    crew: Crew
    progress: Progress


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._start = self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """Counts the time since the last lap to `stage`."""
        now = perf_counter()
        self._seconds[stage] = round(self._seconds.get(stage, 0.0) + now - self._last, 4)
        self._last = now

    def total(self) -> dict[str, float]:
        """All stages so far, and the whole."""
        return {**self._seconds, "total": round(perf_counter() - self._start, 4)}

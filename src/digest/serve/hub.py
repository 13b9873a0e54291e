"""Tells all open pages that something is new."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from digest.serve.site import Fault


class Hub:
    """A counter that grows with every attempt to build, and those who wait for it to grow.

    `announce` and `close` may be called by any thread, `wait` in the server's loop only. `faults` are
    those of the newest attempt.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.faults: tuple[Fault, ...] = ()
        self.is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()

    def announce(self, faults: tuple[Fault, ...] = ()) -> None:
        """Says that there is a new state of the site, or why there is none."""
        self.faults = faults
        self.epoch += 1
        self._call_wake()

    def close(self) -> None:
        """Sends everybody home."""
        self.is_closed = True
        self._call_wake()

    async def wait(self, epoch: int, seconds: float | None = None) -> None:
        """Returns when the counter is beyond `epoch`, the time is over, or all is closed."""
        self._loop = asyncio.get_running_loop()
        if self.epoch > epoch or self.is_closed:
            return
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
        finally:
            self._waiting.discard(event)

    def _call_wake(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended already
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()

"""`digest serve`: a site in the browser that follows every change on disk.

    Watch (threads) ──changed paths──▶ Site.rebuild (the caller's thread) ──▶ Hub
                                                                               │ wakes
    browser ◀── pages, events ── Server (a thread) ◀── Pages, Bench ◀──────────┘

A build that fails is told and changes nothing: the last good pages stay.
"""

from __future__ import annotations

import logging
import math
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from msgspec import Struct

from digest.errors import DigestError, Problem
from digest.places import FILE_NAME, theme_folders
from digest.serve.hub import Hub
from digest.serve.server import Server, listen, url_of
from digest.serve.site import Fault, Rebuilt, Resource, Site, faults_of
from digest.serve.watch import Watch

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["Fault", "Rebuilt", "Resource", "Site", "Where", "serve"]

REST_SECONDS = 1.5
"""Without a change, after which a site may work out what it has put off."""

_SHOWN = 20  # problems told at once


class Where(Struct, frozen=True):
    """Where to listen, and the names by which the server may be asked besides loopback's, IP addresses
    and `host`."""

    host: str = "127.0.0.1"
    port: int = 8000
    names: tuple[str, ...] = ()


def serve(
    site: Site,
    where: Where,
    *,
    on_message: Callable[[str], None],
    on_ready: Callable[[str], object] = lambda _: None,
    stop: Event | None = None,
) -> None:
    """Serves until `stop` is set or the user interrupts.

    `on_message` gets what the user should see, a line or several at a time; `on_ready` the site's
    address when it can be opened. Raises DigestError if the port can't be had. A failing build is
    told and waited out.
    """
    stop = stop or Event()
    # What it warns of (lost events of a large burst) is dealt with, and the terminal is the user's.
    logging.getLogger("watchdog").setLevel(logging.CRITICAL)
    hub, watch = Hub(), Watch()
    listening = listen(where.host, where.port)

    def make() -> ASGIApp:
        from digest.serve.app import make_app  # noqa: PLC0415 - in the server's thread, while the site is read

        return make_app(site, hub, (where.host, *where.names), on_message)

    server = Server(make, listening)
    try:
        builder = _Builder(site, hub, watch, on_message)
        builder.begin()
        url = url_of(listening) + quote(unquote(site.config.base_path))
        on_message(f"serving at {url} (stop with Ctrl-C)")
        on_ready(url)
        while (changed := watch.wait(stop, REST_SECONDS if builder.has_more else math.inf)) is not None:
            builder.follow(changed)
    except KeyboardInterrupt:
        pass
    finally:
        hub.close()
        watch.close()
        server.stop()


class _Builder:
    """Rebuilds the site, tells what came of it, and keeps the watch on the right places."""

    def __init__(self, site: Site, hub: Hub, watch: Watch, tell: Callable[[str], None]) -> None:
        self._site, self._hub, self._watch, self._tell = site, hub, watch, tell
        self._problems: frozenset[Problem] = frozenset()
        self.has_more = False

    def begin(self) -> None:
        """The first build."""
        self._follow_places()
        self._build(self._watch.places.roots, "")

    def follow(self, changed: frozenset[str]) -> None:
        """Takes up changes; what was put off, where there are none."""
        # Watched before it is built: what changes meanwhile leads to one more build.
        if self._follow_places():
            changed = self._watch.places.roots
        self._build(changed, "built again" if changed else "")
        if self._follow_places():  # the configuration names other folders now
            self._build(self._watch.places.roots, "")

    def _follow_places(self) -> bool:
        """The configuration, its hooks, the content and the theme; never what a build writes."""
        config = self._site.config
        files = (Path(config.site, FILE_NAME), *map(Path, config.hooks))
        trees = (*map(Path, config.content), *theme_folders(config))
        return self._watch.follow(files, trees, (Path(config.output),))

    def _build(self, changed: frozenset[str], done: str) -> None:
        started = time.perf_counter()
        faults: tuple[Fault, ...] = ()
        self.has_more = False
        try:
            rebuilt = self._site.rebuild(changed)
        except DigestError as error:
            faults = faults_of(error)
            self._tell(str(error))
        except Exception as error:  # noqa: BLE001 - a bug in one build must not end the preview
            detail = traceback.format_exc().rstrip()
            faults = faults_of(error, detail)
            self._tell(detail)
        else:
            self.has_more = rebuilt.more
            self._tell_problems(rebuilt.problems)
            if done:
                what = f": {rebuilt.summary}" if rebuilt.summary else ""
                self._tell(f"{done} in {time.perf_counter() - started:.2f} s{what}")
        self._hub.announce(faults)

    def _tell_problems(self, problems: Sequence[Problem]) -> None:
        """Those that the build before did not have."""
        new = [problem for problem in problems if problem not in self._problems]
        self._problems = frozenset(problems)
        lines = [str(problem) for problem in new[:_SHOWN]]
        if len(new) > _SHOWN:
            lines.append(f"… and {len(new) - _SHOWN:,} more; digest build --report FILE lists all")
        if lines:
            self._tell("\n".join(lines))

"""`digest serve`: build, serve the output on loopback, build again when something changes.

    load ──▶ SiteConfig ──▶ build ──▶ output folder ◀── SiteServer (threads)
      ▲
      └────────────── Watch (threads) waits for a change

Building happens in the caller's thread only. A build that fails is told and changes nothing:
the last good site stays in the output folder and goes on being served.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import unquote

from digest.errors import DigestError
from digest.places import theme_folders
from digest.serve.http import Served, SiteServer
from digest.serve.watch import Places, Watch

if TYPE_CHECKING:
    from digest.config import SiteConfig

__all__ = ["serve", "watched_places"]

LOOPBACK = "127.0.0.1"
PORT = 8000


def serve(
    load: Callable[[], SiteConfig],
    build: Callable[[SiteConfig], object],
    *,
    host: str = LOOPBACK,
    port: int = PORT,
    on_message: Callable[[str], None],
    stop: Event | None = None,
) -> None:
    """Serves until `stop` is set or the user interrupts.

    `load` reads the configuration anew before each build; `build` writes the site. Both run in
    the calling thread while the server's and the watcher's threads run, so a build must spawn
    its workers, not fork them. `port` 0 takes any free one. `on_message` gets what the user
    should see, a line or several at a time.

    Raises DigestError if the first configuration is at fault or the port can't be had. A
    failing build is told and waited out.
    """
    stop = stop or Event()
    config = load()
    watch = Watch()
    with SiteServer(host, port, _served(config)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        try:
            watch.follow(watched_places(config))
            _attempt(lambda: build(config), on_message)
            thread.start()
            on_message(f"serving {config.output} at {server.url} (stop with Ctrl-C)")
            while watch.wait(stop):
                _attempt(lambda: _rebuild(load, build, server, watch), on_message, "built again")
        except KeyboardInterrupt:
            pass
        finally:
            watch.close()
            if thread.is_alive():
                server.shutdown()
                thread.join()


def watched_places(config: SiteConfig) -> Places:
    """What a change of which asks for a build: site.toml, content, theme and hooks.

    The output and the cache lie in none of these folders, or in `.digest`.
    """
    return Places.of(
        files=(Path(config.site, "site.toml"), *(Path(hook) for hook in config.hooks)),
        trees=(*(Path(folder) for folder in config.content), *theme_folders(config)),
    )


def _rebuild(
    load: Callable[[], SiteConfig], build: Callable[[SiteConfig], object], server: SiteServer, watch: Watch
) -> None:
    config = load()
    # Watched before it is built: what changes meanwhile leads to one more build.
    watch.follow(watched_places(config))
    build(config)
    server.served = _served(config)


def _attempt(action: Callable[[], object], on_message: Callable[[str], None], done: str = "") -> None:
    started = time.perf_counter()
    try:
        action()
    except DigestError as error:
        on_message(str(error))
    except Exception:  # noqa: BLE001 - a bug in one build must not end the preview
        on_message(traceback.format_exc().rstrip())
    else:
        if done:
            on_message(f"{done} in {time.perf_counter() - started:.1f} s")


def _served(config: SiteConfig) -> Served:
    return Served(Path(config.output), unquote(config.base_path))

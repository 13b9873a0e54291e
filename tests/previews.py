"""A running preview for tests: of a site in memory, or of one that is really built."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from editions import config_in

from digest.config import SiteConfig, load_config
from digest.serve import Rebuilt, Resource, Site, Where, serve
from digest.serve.resident import ResidentSite

PATIENCE = 15.0  # seconds: only a test that fails waits so long


def until(condition: Callable[[], Any], what: str = "") -> None:
    """Waits until `condition` holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited too long {what}"
        time.sleep(0.01)


class Memory:
    """A site in memory: files by path. `failure` is raised by the next builds, `broken` by pages."""

    def __init__(self, folder: Path, files: dict[str, bytes | Path], **settings: Any) -> None:
        self.config: SiteConfig = config_in(folder, **settings)
        self.files = files
        self.failure: Exception | None = None
        self.broken: dict[str, Exception] = {}
        self.changes: list[frozenset[str]] = []

    def rebuild(self, changed: frozenset[str]) -> Rebuilt:
        self.changes.append(changed)
        if self.failure:
            raise self.failure
        return Rebuilt()

    def find(self, path: str) -> Resource | None:
        if path in self.broken:
            raise self.broken[path]
        body = self.files.get(path)
        return None if body is None else Resource(body)

    def edition(self) -> Any:
        raise NotImplementedError


class Answer(NamedTuple):
    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.body)


class Preview:
    """A server that runs, and what it said."""

    def __init__(self, site: Site, where: Where) -> None:
        self.site = site
        self.url = ""
        self.messages: list[str] = []
        self._stop = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(where,))

    def _run(self, where: Where) -> None:
        try:
            serve(self.site, where, on_message=self.messages.append, on_ready=self._ready, stop=self._stop)
        except BaseException as error:  # noqa: BLE001 - told by who waits
            self._failed = error

    def _ready(self, url: str) -> None:
        self.url = url

    def start(self) -> None:
        self._thread.start()
        until(lambda: self.url or self._failed, "for the server")
        if self._failed:
            raise self._failed

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        if self._failed:
            raise self._failed

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    @property
    def said(self) -> str:
        return "\n".join(self.messages)

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        """One request; a header's `_` stands for `-`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            return _read(connection.getresponse())
        finally:
            connection.close()


def _read(response: HTTPResponse) -> Answer:
    return Answer(response.status, response.headers, response.read())


@contextmanager
def running(site: Site, *, port: int = 0, names: tuple[str, ...] = ()) -> Iterator[Preview]:
    """A preview of `site`, as long as the block lasts."""
    preview = Preview(site, Where(port=port, names=names))
    preview.start()
    try:
        yield preview
    finally:
        preview.stop()


def kept(root: Path) -> ResidentSite:
    """The site in a folder as `digest serve` keeps it."""
    return ResidentSite(lambda: load_config(root))

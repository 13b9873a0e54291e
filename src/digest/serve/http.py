"""Serves the output folder as a static host would: a plain preview, nothing rewritten.

The standard library's server is enough for that and adds no dependency; live reload and
rendering on demand would take another server in this file's place.
"""

from __future__ import annotations

import mimetypes
import os
import shutil
import socket
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from digest.errors import DigestError

# The system's table of types differs from machine to machine, so what a site holds stands here.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
}
_IDLE_SECONDS = 30


class Served(NamedTuple):
    """What is shown: a folder, and the path of addresses it lies under (a slash at both ends)."""

    folder: Path
    base_path: str


class SiteServer(ThreadingHTTPServer):
    """A server bound to its address; `served` may be replaced while it runs.

    Raises DigestError if the address can't be used.
    """

    daemon_threads = True

    def __init__(self, host: str, port: int, served: Served) -> None:
        self.served = served
        if ":" in host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            message = f"cannot serve on {host} port {port}: {reason.lower()}"
            raise DigestError(message, hint="choose another with --port") from error

    def server_bind(self) -> None:
        """Binds without the reverse look-up of the host's name, which may wait for the network."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where the site is seen."""
        host = f"[{self.server_name}]" if ":" in self.server_name else self.server_name
        return f"http://{host}:{self.server_port}{quote(self.served.base_path)}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    server: SiteServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
        """Says nothing: the terminal belongs to the build's messages."""

    def version_string(self) -> str:
        return "digest"

    def _answer(self, *, with_body: bool) -> None:
        served = self.server.served
        raw, _, query = self.path.partition("#")[0].partition("?")
        path = unquote(raw, errors="surrogateescape")
        with suppress(BrokenPipeError, ConnectionResetError):
            if path in ("/", served.base_path.rstrip("/")) and path != served.base_path:
                self._redirect(served.base_path, HTTPStatus.FOUND)
                return
            file = find_file(served, path)
            if file is not None and file.is_dir():
                self._redirect(path + "/", HTTPStatus.MOVED_PERMANENTLY, query)
            elif file is not None:
                self._send(file, HTTPStatus.OK, with_body=with_body)
            else:
                self._send(served.folder / "404.html", HTTPStatus.NOT_FOUND, with_body=with_body)

    def _redirect(self, path: str, status: HTTPStatus, query: str = "") -> None:
        place = quote(path, errors="surrogateescape") + (f"?{query}" if query else "")
        self.send_response(status)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, file: Path, status: HTTPStatus, *, with_body: bool) -> None:
        try:
            stream = file.open("rb")
        except OSError:
            self._send_plain_404(with_body=with_body)
            return
        with stream:
            self.send_response(status)
            self.send_header("Content-Type", content_type(file.name))
            self.send_header("Content-Length", str(os.fstat(stream.fileno()).st_size))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if with_body:
                shutil.copyfileobj(stream, self.wfile)

    def _send_plain_404(self, *, with_body: bool) -> None:
        body = b"404: nothing here\n"
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def find_file(served: Served, path: str) -> Path | None:
    """The file for the decoded path of an address; a folder where the closing slash is missing;
    None for what is not there or lies outside, also by way of a symbolic link."""
    if not path.startswith(served.base_path) or "\0" in path or "\\" in path:
        return None
    parts = path[len(served.base_path) :].split("/")
    if any(part in (".", "..") for part in parts) or "" in parts[:-1]:
        return None
    folder = served.folder.resolve()
    place = folder.joinpath(*parts)
    if path.endswith("/"):
        place /= "index.html"
    try:
        real = place.resolve()
        if not real.is_relative_to(folder):
            return None
        return place if real.is_file() or (real.is_dir() and not path.endswith("/")) else None
    except (OSError, ValueError):  # a name longer than the file system takes
        return None


def content_type(name: str) -> str:
    """The media type of a file, told by its name."""
    suffix = Path(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"

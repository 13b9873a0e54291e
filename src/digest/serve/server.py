"""A listening socket, and the thread that serves on it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING

from digest.errors import DigestError

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

_TRIED = 100  # ports above a taken one that are looked at for the hint


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at this address; `port` 0 takes any free one.

    Raises DigestError where it cannot be had, and names the next free port where it is taken.
    """
    try:
        return _bind(host, port)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"cannot serve on {host} port {port}: {reason.lower()}"
        free = next((p for p in range(port + 1, min(port + _TRIED, 65536)) if _is_free(host, p)), None)
        hint = f"{free} is free: --port {free}" if free else "choose another with --port"
        raise DigestError(message, hint=hint) from error


def url_of(listening: socket.socket) -> str:
    """Where a browser on this machine finds it, without a slash at the end."""
    host, port, *_ = listening.getsockname()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what any address is asked by
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server:
    """Serves an application on a socket, in a thread of its own, until it is stopped."""

    def __init__(self, make: Callable[[], ASGIApp], listening: socket.socket) -> None:
        self._make, self._listening = make, listening
        self._server: uvicorn.Server | None = None
        self._is_stopped = False
        self._thread = Thread(target=self._run, name="server", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # Imported here (0.1 s), while the first build reads the disk.
        import uvicorn  # noqa: PLC0415

        config = uvicorn.Config(
            self._make(),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        if not self._is_stopped:
            self._server.run(sockets=[self._listening])

    def stop(self) -> None:
        """Closes all connections and ends the thread."""
        self._is_stopped = True
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join()
        self._listening.close()


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except BaseException:
        listening.close()
        raise
    return listening


def _is_free(host: str, port: int) -> bool:
    try:
        with closing(_bind(host, port)):
            return True
    except OSError:
        return False

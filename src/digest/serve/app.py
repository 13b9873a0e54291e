"""The application: the site's pages, what tells them of changes, and the editor's bench.

/-/digest/live.js …     the preview's own files
/-/digest/events        what an open page should show, now and whenever it changes (server-sent events)
/-/digest/queue         suggestions for the editor, a page
/-/digest/about …       what the bench shows; POST edits and undo
all else                the site
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.serve.addresses import OWN, is_known_host, media_type
from digest.serve.bench_routes import BenchRoutes
from digest.serve.hub import Hub
from digest.serve.pages import Answer, Pages, digest_of
from digest.serve.responses import respond, respond_json
from digest.serve.site import Site

T = TypeVar("T")

_ASSETS = frozenset({"live.js", "bench.js", "queue.js", "preview.css", "queue.html"})
_PULSE_SECONDS = 15.0  # between signs of life, by which a browser that has gone is noticed
_RETRY_MILLISECONDS = 400


class OneThread:
    """Runs functions one after another in a thread of its own."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """What `function` returns."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)

    def close(self) -> None:
        """Ends the thread; what waits is given up."""
        self._pool.shutdown(wait=False, cancel_futures=True)


class Guard:
    """Answers only to names of this server, so that no page loaded by another name that was made to
    lead here (DNS rebinding) can read or write anything."""

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self._app, self._names = app, frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses or passes on."""
        if scope["type"] == "http":
            host = Request(scope).headers.get("host", "")
            if not is_known_host(host, self._names):
                text = f"This preview does not answer to {host!r}; start it with --allow-host to let it.\n"
                await PlainTextResponse(text, 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def make_app(site: Site, hub: Hub, names: Collection[str], tell: Callable[[str], None]) -> ASGIApp:
    """The application for a site. `names` are hosts it answers to besides loopback and IP addresses;
    `tell` gets what the terminal should show."""
    pages = Pages(site, hub, tell)
    page_thread = OneThread("pages")

    async def show(request: Request) -> Response:
        await hub.wait(0)
        return respond(await page_thread.run(pages.answer, request.url.path), request)

    async def show_own(request: Request) -> Response:
        name = request.path_params["name"]
        name = "queue.html" if name == "queue" else name
        if name not in _ASSETS:
            return PlainTextResponse("404: nothing here\n", 404)
        body = files("digest.serve").joinpath("assets", name).read_bytes()
        return respond(Answer(200, body, media_type(name), f'"{digest_of(body)}"'), request)

    async def state(request: Request) -> Response:
        await hub.wait(0)
        return respond_json(await page_thread.run(pages.state, request.query_params.get("path", "/")))

    async def events(_: Request) -> Response:
        headers = {"cache-control": "no-store", "cross-origin-resource-policy": "same-origin"}
        return StreamingResponse(_epochs(hub), 200, headers, "text/event-stream")

    app = Starlette(
        routes=[
            Route(f"{OWN}events", events),
            Route(f"{OWN}state", state),
            *BenchRoutes(site, hub, OneThread("bench").run).routes,
            Route(f"{OWN}{{name}}", show_own),
            Route("/{path:path}", show),
        ]
    )
    app.router.redirect_slashes = False
    return Guard(app, names)


async def _epochs(hub: Hub) -> AsyncIterator[bytes]:
    """The hub's counter, at once and whenever it grows, as server-sent events."""
    yield f"retry: {_RETRY_MILLISECONDS}\n\n".encode()
    await hub.wait(0)
    while not hub.is_closed:
        epoch = hub.epoch
        yield f"data: {epoch}\n\n".encode()
        while hub.epoch == epoch and not hub.is_closed:
            await hub.wait(epoch, _PULSE_SECONDS)
            if hub.epoch == epoch:
                yield b": \n\n"

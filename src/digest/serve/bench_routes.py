"""The bench over HTTP. What writes files is asked for by this server's own pages, on this machine, only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from secrets import compare_digest
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from digest.errors import DigestError
from digest.serve.addresses import OWN, is_loopback
from digest.serve.asks import Ask
from digest.serve.bench import Bench, Done
from digest.serve.hub import Hub
from digest.serve.responses import respond_json
from digest.serve.site import Site

_LARGEST = 1_000_000  # bytes of a request: an introduction is some thousand
_PATIENCE = 10.0  # seconds to wait for the site to take up the edit before

Run = Callable[..., Awaitable[Any]]


class Wanted(Struct, frozen=True, forbid_unknown_fields=True):
    """An edit, and what it is called where it may be undone."""

    ask: Ask
    what: str = ""


class BenchRoutes:
    """The routes of a site's bench. `run` runs a function in the bench's thread."""

    def __init__(self, site: Site, hub: Hub, run: Run) -> None:
        self._hub, self._run = hub, run
        self._bench = bench = Bench(site, hub)
        self._edited = 0  # the epoch in which files were last written
        self.routes = [
            self._reading("about", bench.about, "path"),
            self._reading("stories", bench.find, "words"),
            self._reading("note", bench.read_note, "story"),
            self._reading("suggestions", bench.suggest),
            Route(f"{OWN}edits", self._edit, methods=["POST"]),
            Route(f"{OWN}undo", self._undo, methods=["POST"]),
        ]

    def _reading(self, name: str, function: Callable[..., object], *parameters: str) -> Route:
        async def read(request: Request) -> Response:
            if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
                return respond_json({"error": "asked for by another site"}, 403)
            await self._hub.wait(0)
            return await self._answer(function, *(request.query_params.get(p, "") for p in parameters))

        return Route(OWN + name, read)

    async def _edit(self, request: Request) -> Response:
        if refusal := self._refuse(request):
            return refusal
        try:
            wanted = msgspec.json.decode(await request.body(), type=Wanted)
        except msgspec.DecodeError as error:
            return respond_json({"error": f"not understood: {error}"}, 400)
        return await self._write(self._bench.edit, wanted.ask, wanted.what)

    async def _undo(self, request: Request) -> Response:
        return self._refuse(request) or await self._write(self._bench.undo)

    async def _write(self, function: Callable[..., Done], *arguments: object) -> Response:
        # The edition the next edit is made in should know of the one before.
        await self._hub.wait(self._edited, _PATIENCE)
        epoch = self._hub.epoch

        def act() -> Done:
            done = function(*arguments)
            if done.files:
                self._edited = epoch
            return done

        return await self._answer(act)

    async def _answer(self, function: Callable[..., object], *arguments: object) -> Response:
        try:
            return respond_json(await self._run(function, *arguments))
        except DigestError as error:
            return respond_json({"error": str(error)}, 409)
        except Exception as error:  # noqa: BLE001 - a bug must not end the preview
            return respond_json({"error": f"{type(error).__name__}: {error}"}, 500)

    def _refuse(self, request: Request) -> Response | None:
        """Why a request may not write, as a response; None where it may."""
        reasons = _reasons(request, self._bench.token)
        return next((respond_json({"error": text}, status) for status, text in reasons), None)


def _reasons(request: Request, token: str) -> Iterator[tuple[int, str]]:
    """Why a request may not write, as status and words.

    A page of another site can send requests here, but can neither read the token, nor set its header or
    a JSON content type without asking first (which nothing here allows), nor hide its origin.
    """
    headers = request.headers
    if not (request.client and is_loopback(request.client.host)):
        yield 403, "files are written from this machine only"
    if headers.get("origin") != f"http://{headers.get('host', '')}":
        yield 403, "asked for by another site"
    if not compare_digest(headers.get("x-digest-token", "").encode(), token.encode()):
        yield 403, "the token is not this server's (reload the page)"
    if headers.get("content-type", "").partition(";")[0] != "application/json":
        yield 415, "the content type must be application/json"
    size = headers.get("content-length", "")
    if not size.isdecimal() or int(size) > _LARGEST:
        yield 413, f"at most {_LARGEST:,} bytes, told beforehand"

"""What the server answers for the addresses of the site, and what an open page should show now."""

from __future__ import annotations

import traceback
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from msgspec import Struct

from digest.errors import DigestError
from digest.serve.addresses import media_type, path_in_site
from digest.serve.html import Prepared, prepare
from digest.serve.hub import Hub
from digest.serve.site import Fault, Resource, Site, faults_of

_KEPT = 64
"""Pages whose newest good state is remembered: those that are open, and some of those that were."""

_PLAIN = '<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">'
_MISSING = f"{_PLAIN}<title>404</title><p>404: nothing here"
_BROKEN = f"{_PLAIN}<title>500</title><p>This page cannot be built."


class Answer(Struct, frozen=True):
    """What is sent for an address: a body, or the address of another."""

    status: int
    body: bytes | Path = b""
    media_type: str = ""
    etag: str = ""
    location: str = ""


class State(Struct, frozen=True):
    """What an open page should show, as the live script reads it: see `Prepared`."""

    state: str
    style: str
    sheets: tuple[str, ...]
    faults: tuple[Fault, ...]


class _Kept(NamedTuple):
    """A page as it was prepared in an epoch, and why it is no newer."""

    epoch: int
    status: int
    page: Prepared
    faults: tuple[Fault, ...] = ()


class Pages:
    """Answers for a site, in one thread. What fails to render is told to `tell`, once an epoch."""

    def __init__(self, site: Site, hub: Hub, tell: Callable[[str], None]) -> None:
        self._site, self._hub, self._tell = site, hub, tell
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._told: tuple[int, set[str]] = (0, set())

    @property
    def base_path(self) -> str:
        """The decoded path that the site lies under, with a slash at both ends."""
        return unquote(self._site.config.base_path)

    def answer(self, path: str) -> Answer:
        """What to send for a decoded request path."""
        base = self.base_path
        if path in ("/", base[:-1]) and path != base:
            return Answer(302, location=quote(base))
        inside = path_in_site(path, base)
        if inside is not None and not path.endswith(".html") and not inside.endswith("/index.html"):
            try:
                resource = self._site.find(inside)
                if resource is not None and not _is_html(resource, inside):
                    return _file(resource, inside)
                if resource is None and self._site.find(f"{inside}/index.html") is not None:
                    return Answer(302, location=quote(f"{path}/"))
            except Exception:  # noqa: BLE001, S110 - told below, with what could be shown last
                pass
        kept = self._page(path)
        return Answer(
            kept.status, kept.page.body, "text/html; charset=utf-8", f'"{digest_of(kept.page.body)}"'
        )

    def state(self, path: str) -> State:
        """What a page that was opened at a decoded path should show now."""
        kept = self._page(path)
        page = kept.page
        faults = dict.fromkeys((*self._hub.faults, *kept.faults))
        return State(page.state, page.style, page.sheets, tuple(faults))

    def _page(self, path: str) -> _Kept:
        """The page at a path; if it cannot be rendered, as it was when it last could."""
        epoch = self._hub.epoch
        kept = self._kept.get(path)
        if kept is None or kept.epoch != epoch:
            try:
                kept = self._prepare(path, epoch)
            except Exception as error:  # noqa: BLE001 - a bug must not end the preview
                kept = self._fall_back(path, epoch, error)
            self._kept[path] = kept
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(path)
        return kept

    def _prepare(self, path: str, epoch: int) -> _Kept:
        status, inside = 200, path_in_site(path, self.base_path)
        found = self._site.find(inside) if inside is not None else None
        if found is None:
            status, found = 404, self._site.find("/404.html") or Resource(_MISSING.encode())
        return _Kept(epoch, status, prepare(_read(found), path, self._read_file, status))

    def _fall_back(self, path: str, epoch: int, error: Exception) -> _Kept:
        detail = "" if isinstance(error, DigestError) else "".join(traceback.format_exception(error))
        faults = faults_of(error, detail.rstrip())
        self._tell_once(epoch, detail.rstrip() or str(error))
        kept = self._kept.get(path)
        if kept is not None:
            return _Kept(epoch, kept.status, kept.page, faults)
        reasons = "".join(f"<p>{escape(_in_words(fault))}" for fault in faults)
        return _Kept(epoch, 500, prepare((_BROKEN + reasons).encode(), path, self._read_file, 500), faults)

    def _tell_once(self, epoch: int, message: str) -> None:
        if self._told[0] != epoch:
            self._told = (epoch, set())
        if message not in self._told[1]:
            self._told[1].add(message)
            self._tell(message)

    def _read_file(self, path: str) -> bytes | None:
        inside = path_in_site(path, self.base_path)
        found = self._site.find(inside) if inside is not None else None
        return _read(found) if found is not None else None


def _file(resource: Resource, path: str) -> Answer:
    kind = resource.media_type or media_type(path)
    if isinstance(resource.body, bytes):
        return Answer(200, resource.body, kind, f'"{digest_of(resource.body)}"')
    about = resource.body.stat()
    return Answer(200, resource.body, kind, f'"{about.st_mtime_ns:x}-{about.st_size:x}"')


def _is_html(resource: Resource, path: str) -> bool:
    return (resource.media_type or media_type(path)).startswith("text/html")


def _read(resource: Resource) -> bytes:
    return resource.body if isinstance(resource.body, bytes) else resource.body.read_bytes()


def digest_of(data: bytes) -> str:
    """What bytes are known by."""
    return blake2b(data, digest_size=12).hexdigest()


def _in_words(fault: Fault) -> str:
    where = f"{fault.path}:{fault.line}" if fault.line else fault.path
    return ": ".join(filter(None, (where, fault.message)))

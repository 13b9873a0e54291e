"""Where an address in an output file leads: to a file of the site, to another host, or nowhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from posixpath import normpath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from digest.checking.pages import Fault, Reference

_SCHEME = re.compile(r"([a-zA-Z][\w+.-]*):|//")
_KNOWN = frozenset({"http", "https", "mailto", "tel", "data", "tag", "urn"})
_TOP = frozenset({"", "top"})


class Anchor(NamedTuple):
    """A place within a page that some page leads to: the page's path and the name of the place."""

    path: str
    name: str
    address: str


class Tree:
    """All files of a site by path, its own address (empty where it has none) and its base path.

    A host serves `a.html` under `a`, and `a/index.html` under `a/` and `a`.
    """

    def __init__(self, paths: Iterable[str], url: str = "") -> None:
        self.paths = frozenset(paths)
        self._url = url.rstrip("/")
        self._base = (urlsplit(self._url).path if self._url else "") + "/"
        self._host = urlsplit(self._url).netloc.lower()

    def judge(self, path: str, reference: Reference) -> Fault | Anchor | None:
        """What is wrong with a reference in the file `path`; or the anchor it leads to, which only the
        whole site can tell."""
        address, loads = reference
        plain, _, fragment = address.partition("#")
        if not plain:
            return self._judge_target(path, fragment, address)
        if self._url and (plain == self._url or plain.startswith(f"{self._url}/")):
            target: str | None = plain[len(self._url) + 1 :]
        elif (":" in plain or plain.startswith("//")) and (found := _SCHEME.match(plain)):
            return self._judge_foreign(address, (found[1] or "").lower(), loads=loads)
        elif plain.startswith("/"):
            target = plain.removeprefix(self._base) if plain.startswith(self._base) else None
        else:
            target = _climb(path, plain)
        if target is None:
            message = f"{address[:120]!r} leaves the site (expected a relative link, or {self._base}…)"
            return Fault("link-outside", message, address)
        return self._judge_target(self._find(target), fragment, address)

    def _judge_foreign(self, address: str, scheme: str, *, loads: bool) -> Fault | None:
        if scheme == "data":
            return None
        if loads:
            host = _host(address)
            message = f"loads {address[:120]!r} by itself (expected nothing from another host)"
            return Fault("third-party", message, host or address) if host != self._host or not host else None
        if scheme and scheme not in _KNOWN:
            message = f"{address[:80]!r} is an address of scheme {scheme!r} (expected http, https or mailto)"
            return Fault("link-scheme", message, address)
        return None

    def _judge_target(self, target: str | None, fragment: str, address: str) -> Fault | Anchor | None:
        if target is None:
            message = f"{address[:120]!r} leads nowhere (expected a file of the site)"
            return Fault("link-dead", message, address)
        name = unquote(fragment)
        if name.lower() in _TOP or name.startswith(":~:") or not target.endswith(".html"):
            return None
        return Anchor(target, name, address)

    def _find(self, target: str) -> str | None:
        if target in self.paths:
            return target
        target = unquote(target.partition("?")[0])
        if not target or target.endswith("/"):
            names: tuple[str, ...] = (f"{target}index.html",)
        else:
            names = (target, f"{target}.html", f"{target}/index.html")
        return next((name for name in names if name in self.paths), None)


def _climb(path: str, relative: str) -> str | None:
    """A relative address in the file `path` as a path of the site; None where it climbs out of it."""
    plain, mark, query = relative.partition("?")
    folders = path.split("/")[:-1]
    while plain.startswith("../"):
        if not folders:
            return None
        folders.pop()
        plain = plain[3:]
    if plain.startswith(".") or "/." in plain or "//" in plain:
        whole = normpath("/".join((*folders, plain)))
        if whole.startswith(".."):
            return None
        whole = "" if whole == "." else whole
        closing = "/" if whole and (plain.endswith(("/", "/.", "/..")) or plain in (".", "..")) else ""
        return f"{whole}{closing}{mark}{query}"
    return "/".join((*folders, plain)) + mark + query


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def find_clashes(paths: Iterable[str]) -> list[tuple[str, str, str]]:
    """Pairs of files that are one address somewhere, each with what makes them so: letter case or Unicode
    form (macOS, Windows), or `a.html` beside `a/index.html`."""
    found: list[tuple[str, str, str]] = []
    first_of: dict[str, str] = {}
    served: dict[str, str] = {}
    for path in sorted(paths):
        folded = path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()
        first = first_of.setdefault(folded, path)
        if first != path:
            found.append((first, path, "letter case or Unicode form"))
            continue
        address = folded.removesuffix("/index.html").removesuffix(".html")
        first = served.setdefault(address, path) if path.endswith(".html") else path
        if first != path:
            found.append((first, path, "the ending"))
    return found

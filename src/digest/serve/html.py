"""A page made ready for the preview: the live script put in, and what it is known again by.

Only what is served is touched, never the output. The script comes from this server's own path and
nothing stands inline, so that a page's Content-Security-Policy needs no more than `'self'`, which
is added where it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from html import escape, unescape
from urllib.parse import unquote, urljoin, urlsplit

from msgspec import Struct

from digest.serve.addresses import OWN

_TAG = re.compile(rb"<(?:link|img|script|source)\b[^>]*>", re.I)
_META = re.compile(rb"""<meta\b[^>]*http-equiv\s*=\s*["']?content-security-policy\b[^>]*>""", re.I)
_POLICY = re.compile(r"""(\bcontent\s*=\s*)("[^"]*"|'[^']*')""", re.I)
_ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.I)
_STYLE = re.compile(r"""\brel\s*=\s*["']?[^"'>]*\bstylesheet\b""", re.I)
_STYLE_AHEAD = re.compile(r"""\bas\s*=\s*["']?style\b""", re.I)
_IMPORT = re.compile(rb"""@import\s+(?:url\(\s*)?["']?([^"')\s;]+)""", re.I)
_NEEDED = ("script-src", "connect-src", "style-src")

Read = Callable[[str], bytes | None]
"""The bytes of a file by its decoded path on this server; None where there is none."""


class Prepared(Struct, frozen=True):
    """A page as it is served. `state` changes with what it shows, `style` with its stylesheets;
    `sheets` are their addresses, in order, each with a query by which its content is known."""

    body: bytes
    state: str
    style: str
    sheets: tuple[str, ...]


def prepare(html: bytes, path: str, read: Read, status: int = 200) -> Prepared:
    """`html`, the page at the decoded `path` of this server, made ready. `read` gives the local
    files it refers to, whose content counts for what it is known by."""
    known = blake2b(str(status).encode(), digest_size=12)
    sheets: list[str] = []

    def fetch(address: str) -> bytes:
        parts = urlsplit(urljoin(path, address))
        data = None if parts.netloc or parts.scheme else read(unquote(parts.path))
        return b"" if data is None else data

    def look(match: re.Match[bytes]) -> bytes:
        tag = match[0].decode("utf-8", "replace")
        found = _ADDRESS.search(tag)
        if not found:
            return match[0]
        address = unescape(found[1].strip("\"'"))
        if tag[:5].lower() != "<link":
            known.update(_digest(fetch(address)).encode())
        elif _STYLE.search(tag):
            content = _read_style(address, fetch, set())
            sheets.append(f"{address.partition('?')[0]}?{_digest(content)}")
            return b"<link>"
        elif _STYLE_AHEAD.search(tag):
            return b""
        return match[0]

    known.update(_TAG.sub(look, html))
    state, style = known.hexdigest(), _digest("\n".join(sheets).encode())
    script = f'<script src="{OWN}live.js" data-state="{state}" data-style="{style}"'
    script += f' data-path="{escape(path)}" async></script>'
    body = _META.sub(_loosened, html) + script.encode()
    return Prepared(body, state, style, tuple(sheets))


def _read_style(address: str, fetch: Callable[[str], bytes], seen: set[str]) -> bytes:
    """A stylesheet with those it imports."""
    if address in seen:
        return b""
    seen.add(address)
    data = fetch(address)
    imported = [urljoin(address, found[1].decode("utf-8", "replace")) for found in _IMPORT.finditer(data)]
    return data + b"".join(_read_style(other, fetch, seen) for other in imported)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()


def _loosened(match: re.Match[bytes]) -> bytes:
    tag = match[0].decode("utf-8", "replace")

    def mend(found: re.Match[str]) -> str:
        policy = loosen(unescape(found[2][1:-1]))
        return f'{found[1]}"{escape(policy, quote=False).replace(chr(34), "&quot;")}"'

    return _POLICY.sub(mend, tag, count=1).encode()


def loosen(policy: str) -> str:
    """A Content-Security-Policy that lets the preview's own script, style sheet and requests through,
    all of this origin; else as it was."""
    directives: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        if name:
            directives.setdefault(name.lower(), sources)
    for name in (*_NEEDED, *(f"{name}-elem" for name in _NEEDED if f"{name}-elem" in directives)):
        sources = directives.get(name, directives.get("default-src", ["'self'"]))
        if "'self'" not in sources:
            directives[name] = [*(source for source in sources if source != "'none'"), "'self'"]
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())

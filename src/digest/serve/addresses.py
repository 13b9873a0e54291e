"""Addresses and what they stand for: paths inside the site, types of files, names of the server."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import PurePosixPath
from urllib.parse import urlsplit

OWN = "/-/digest/"
"""Below this lies what the preview adds to a site."""

# The system's table of types differs from machine to machine, so what a site holds stands here.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".zip": "application/zip",
    ".epub": "application/epub+zip",
}


def media_type(path: str) -> str:
    """The type of a file as HTTP has it, told by its name."""
    suffix = PurePosixPath(path).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def path_in_site(path: str, base_path: str) -> str | None:
    """The path of a file below the site's root for a decoded request path; a folder stands for its
    index. None where it lies outside `base_path` (a slash at both ends) or is not a plain path."""
    if not path.startswith(base_path) or "\0" in path or "\\" in path:
        return None
    parts = path[len(base_path) :].split("/")
    if any(part in (".", "..") for part in parts) or "" in parts[:-1]:
        return None
    return "/" + "/".join([*parts[:-1], parts[-1] or "index.html"])


def is_known_host(header: str, names: Iterable[str]) -> bool:
    """Whether a Host header names this server: by a loopback name, one of `names`, or any IP address.

    A page that reaches a server by DNS rebinding was loaded by a name, and that stands here.
    """
    try:
        host = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    host = host.rstrip(".")
    return host == "localhost" or host.endswith(".localhost") or host in names or _is_ip(host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    return host == "localhost" or (_is_ip(host) and ip_address(host.partition("%")[0]).is_loopback)


def _is_ip(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True

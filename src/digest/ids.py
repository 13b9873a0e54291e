"""Addresses and ids: canonical URLs, page ids, output paths. Short, ASCII, never from titles."""

from __future__ import annotations

import re
from base64 import b32encode
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import unquote

_TRACKING = re.compile(
    r"^(?:utm_\w+|fbclid|gclid|yclid|mc_[ce]id|igshid|spm|at_(?:medium|campaign|custom\d)|ocid|cmpid|CMP|"
    r"smid|smtyp|wt\.mc_id|xtor|mkt_tok|_ga|ref|ref_src|source|fsrc|feature)$"
)
_WEB_ADDRESS = re.compile(r"^(https?):/*(?:[^/?#@]*@)?([^/?#:]+)(?::\d+)?([^#]*)", re.I | re.S)
_HOST = re.compile(r"^(?:[a-zA-Z][\w+.-]*:)?//(?:[^/?#@]*@)?([^/?#:]+)")
_SLASHES = re.compile("/{2,}")
_PLAIN_KEY = re.compile(r"^[a-z0-9][a-z0-9-]{0,23}$")
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_HIGH_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
# What `_encode` would leave as it is; most addresses are.
_ENCODED = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[89A-F][0-9A-F])*\Z")


def short_hash(text: str, length: int = 10) -> str:
    """`length` characters of lower-case base 32 (5 bits each) of BLAKE2b over UTF-8 `text`."""
    raw = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return b32encode(raw).decode("ascii").lower()[:length]


def slugify(text: str) -> str:
    """An ASCII path segment: `text` itself in lower case where it is plain, else a hash."""
    plain = re.sub(r"[\s_]+", "-", text.strip().lower())
    return plain if _PLAIN_KEY.match(plain) else short_hash(text)


def host_of(url: str) -> str:
    """The host of an absolute URL, lower case, without port or user; empty if it has none."""
    match = _HOST.match(url)
    return match[1].lower() if match else ""


@lru_cache(maxsize=8192)
def canonical_url(url: str, keep_query: tuple[str, ...] = (), *, raw_question: bool = False) -> str:
    """The one address of an article: https or http as given, lower-case host, no fragment, no
    port, no tracking parameters, doubled slashes folded, escapes in upper case, characters
    outside RFC 3986 percent-encoded as UTF-8. Empty for anything but http(s).

    `keep_query` limits the query to these parameters; `raw_question` says that `?` belongs to
    the path (RFC 3986 section 3.3 would encode it as `%3F`).
    """
    text = url.strip()
    match = _WEB_ADDRESS.match(text)
    if not match:
        return ""
    scheme, host, rest = match[1].lower(), match[2].lower().rstrip("."), match[3]
    if raw_question:
        path, query = rest.replace("?", "%3F"), ""
    else:
        path, _, query = rest.partition("?")
    if "//" in path:
        path = _SLASHES.sub("/", path)
    address = f"{scheme}://{host}{_encode(path or '/')}"
    query = _select(query, keep_query) if query else ""
    return f"{address}?{_encode(query)}" if query else address


def _select(query: str, keep: tuple[str, ...]) -> str:
    parts = [p for p in query.split("&") if p]
    if keep:
        return "&".join(p for p in parts if p.split("=", 1)[0] in keep)
    return "&".join(p for p in parts if not _TRACKING.match(p.split("=", 1)[0]))


def _encode(part: str) -> str:
    if "%" in part:
        part = _HIGH_ESCAPES.sub(lambda m: m[0].upper(), part)
    if _ENCODED.match(part):
        return part
    part = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", part)
    part = _UNSAFE.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8", "replace")), part)
    return _ESCAPE.sub(lambda m: _fold_escape(m[1]), part)


def _fold_escape(digits: str) -> str:
    char = chr(int(digits, 16))
    return char if char.isascii() and (char.isalnum() or char in "-._~") else f"%{digits.upper()}"


def decoded(url: str) -> str:
    """The URL with its percent-escapes decoded once, for regexes that look for a key."""
    return unquote(url, errors="replace")


def page_id(source: str, key: str) -> str:
    """`<source>-<key>` where the key is short ASCII (24 characters), else with its hash.

    `key` carries its kind in front (`key:5543524`, `url:https://…`, `path:…`); only an
    outlet's own key is shown plain.
    """
    kind, _, rest = key.partition(":")
    plain = rest.lower()
    return f"{source}-{plain if kind == 'key' and _PLAIN_KEY.match(plain) else short_hash(key)}"


def asset_url(article_path: str, reference: str) -> str:
    """The address of a picture that lies beside an article, from the article's path and the
    relative reference in its text. Empty for a reference that leaves the content folder."""
    place = asset_path(article_path, reference)
    if not place:
        return ""
    suffix = place.rsplit(".", 1)[-1].lower() if "." in place.rsplit("/", 1)[-1] else ""
    return f"/files/{short_hash(place, 16)}" + (f".{suffix}" if suffix.isascii() and suffix.isalnum() else "")


def asset_path(article_path: str, reference: str) -> str:
    """The content path a relative reference in an article names; empty if it leaves the content folder."""
    parts = article_path.split("/")[:-1]
    for part in unquote(reference.partition("?")[0].partition("#")[0]).split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)

"""A reader with patience: follows every link of a site that is being served, and tells the dead ones.

`python tests/crawler.py FOLDER /name/ 1000` serves a built site under a base path, and crawls.
"""

from __future__ import annotations

import re
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

_LINKS = {"href", "src", "poster", "data", "action", "cite"}


class Crawl(NamedTuple):
    """What a crawl found: the pages it read, the files it asked for, the links it followed, and those
    that lead nowhere, each with a page that has it."""

    pages: int
    files: int
    links: int
    dead: dict[str, str]


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if given.get("http-equiv", "").lower() == "refresh":
            self.links.append(given["content"].partition("=")[2].strip("'\" "))
        if tag != "meta":
            self.links += [value for name, value in given.items() if name in _LINKS]
        self.links += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]


def crawl(start: str, own: str = "", most: int = 10**9) -> Crawl:
    """Reads at most `most` pages, from `start` on, breadth first. Links to the site's own address `own`
    are followed too, at the place where it is served; other hosts are left alone. A link out of the
    folder the site is served in, and one to an anchor that is not there, is dead."""
    queue, first = deque([start]), {start: start}
    wanted: dict[tuple[str, str], str] = {}
    anchors: dict[str, set[str]] = {}
    dead: dict[str, str] = {}
    pages = links = 0
    with closing(HTTPConnection(urlsplit(start).netloc)) as connection:
        while queue:
            address = queue.popleft()
            status, kind, text = _get(connection, address, wants_text=pages < most)
            if status != 200:
                dead[address] = first[address]
            page = _read(kind, text)
            if text and kind == "text/html":
                anchors[address] = page.anchors
                pages += 1
            for target, anchor in _targets(page.links, address, start, own):
                links += 1
                if not target.startswith(start):
                    dead[target] = address
                elif target not in first:
                    first[target] = address
                    queue.append(target)
                if anchor:
                    wanted.setdefault((target, anchor), address)
    for (target, anchor), where in wanted.items():
        if target in anchors and not {anchor, unquote(anchor)} & anchors[target]:
            dead[f"{target}#{anchor}"] = where
    return Crawl(pages, len(first), links, dead)


def _read(kind: str, text: str) -> _Page:
    if kind == "text/html":
        return _Page(text)
    # Feeds, sitemaps, lists of feeds: whatever in them is an address.
    page = _Page("")
    page.links = re.findall(r"""(?<=[>"'])https?://[^<>"'\\\s]+""", text)
    return page


def _targets(links: list[str], address: str, start: str, own: str) -> Iterator[tuple[str, str]]:
    origin = "{0.scheme}://{0.netloc}/".format(urlsplit(start))
    for link in links:
        target = urljoin(address, link)
        if own and (target == own or target.startswith(f"{own}/")):
            target = start.rstrip("/") + target[len(own) :]
        if target.startswith(origin):
            target, anchor = urldefrag(target)
            # Both name one file, wherever a site is served.
            yield (
                f"{target.removesuffix('/index.html')}/" if target.endswith("/index.html") else target,
                anchor,
            )


def _get(connection: HTTPConnection, address: str, *, wants_text: bool) -> tuple[int, str, str]:
    path = quote(urlsplit(address).path, safe="/%")
    connection.request("GET" if wants_text else "HEAD", path)
    answer = connection.getresponse()
    data = answer.read()
    kind = answer.headers.get_content_type()
    is_text = kind.startswith("text/") or kind.endswith(("json", "xml"))
    return answer.status, kind, data.decode("utf-8") if is_text else ""


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def list_directory(self, path: object) -> None:
        """A host lists no folder."""
        self.send_error(404, str(path))

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve_under(folder: Path, base: str) -> Iterator[str]:
    """Serves a folder under the path `base`, as a host of project pages would, and gives its address."""
    with TemporaryDirectory() as root:
        place = Path(root, base.strip("/"))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(folder.resolve())
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=root))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
            server.server_close()


if __name__ == "__main__":
    with serve_under(Path(sys.argv[1]), sys.argv[2]) as served:
        done = crawl(served, own=sys.argv[4] if len(sys.argv) > 4 else "", most=int(sys.argv[3]))
    print(f"{done.pages:,} pages read, {done.files:,} addresses asked for, {done.links:,} links followed")
    print(*(f"dead: {link} on {page}" for link, page in done.dead.items()), sep="\n")

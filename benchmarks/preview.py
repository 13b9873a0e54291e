"""From save to visible: digest's preview and Hugo's server in a real Chromium, on the same articles.

    python benchmarks/preview.py [--count 10000|all] [--edits 30] [--only digest|hugo]

Each generator's server runs by itself, on a site that was built before (a warm start). A tab stands on
a page; a file is saved as an editor saves it, and the clock runs until the tab shows the change. The
kinds of edits alternate, with a pause between them. Prints the median and the 95th percentile of
each kind, the time from start to first page, and the memory after all edits (PSS of all processes);
exits 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from archive import lay_out_digest, lay_out_hugo, scratch, unpack
from peers import SOURCE, hugo_binary
from playwright.sync_api import Page, sync_playwright
from process import _pss, _tree

from digest.build.pipeline import read_edition
from digest.config import load_config
from digest.places import packaged_theme

sys.path.insert(0, str(SOURCE.parent / "tests"))
from browser import find_chromium

BARS = {"article": 0.3, "title": 0.3, "thread": 0.3, "css": 0.3, "template": 0.6}
"""Seconds that 95 of 100 edits may take at most, to the eye of whoever made them."""

START, MEMORY = 1.5, 300
"""Seconds from a warm start to the first page, and MiB after all edits, at most; for 10,000 articles."""

_PAUSE_MILLISECONDS = 2500  # an editor looks at what was done; what was put off is done meanwhile
_PATIENCE_MILLISECONDS = 60_000
_COLOUR = "element => getComputedStyle(element).color"


@dataclass(frozen=True)
class Edit:
    """A kind of edit: the page it is seen on, the file, what `write` makes of it for a number, and
    whether it is seen by the colour of the heading, not by a text."""

    kind: str
    path: str
    file: Path
    write: Callable[[int], str]
    by_colour: bool = False


@dataclass(frozen=True)
class Peer:
    """A generator: its site, the commands that build and serve it (`{port}`), its edits."""

    name: str
    site: Path
    build: tuple[str, ...]
    serve: tuple[str, ...]
    edits: tuple[Edit, ...]


def mark(number: int) -> str:
    """What is looked for in the page."""
    return f"改动第{number}号"


def colour(number: int) -> str:
    """What is looked for in the heading."""
    return f"rgb({number % 200 + 1}, {number // 200 + 1}, 7)"


def lay_out(work: Path, count: int | None, names: list[str]) -> list[Peer]:
    """The newest articles, laid out and built for each generator."""
    articles = unpack(work)[:count]
    peers = []
    for name in names:
        site = work / f"preview-{name}"
        shutil.rmtree(site, ignore_errors=True)
        {"digest": lay_out_digest, "hugo": lay_out_hugo}[name](articles, site)
        peer = {"digest": digest_peer, "hugo": hugo_peer}[name](site, articles[0].path)
        print(f"{name}: {len(articles)} articles in {site}; building", flush=True)
        subprocess.run(peer.build, cwd=site, check=True, stdout=subprocess.DEVNULL)
        peers.append(peer)
    return peers


def digest_peer(site: Path, newest: Path) -> Peer:
    """digest, with the page of the newest article and a story of its own."""
    templates, static = packaged_theme()
    for folder, place, name in (("templates", templates, "article.html"), ("static", static, "style.css")):
        (site / folder).mkdir()
        shutil.copyfile(place / name, site / folder / name)
    with read_edition(load_config(site)) as (edition, _):
        page = next(p for p in edition.digest.pages if p.newest.path == newest.name)
    thread = site / "content/threads/bench.md"
    thread.parent.mkdir()
    thread.write_text(f"---\ntitle: x\ninclude: {page.id}\n---\n", "utf-8")
    digest = (sys.executable, "-m", "digest")
    source = site / "content" / newest.name
    text, title = source.read_text("utf-8"), page.newest.title
    template = (site / "templates/article.html").read_text("utf-8")
    style = (site / "static/style.css").read_text("utf-8")
    return Peer(
        "digest",
        site,
        (*digest, "build", "--quiet"),
        (*digest, "serve", "--port", "{port}"),
        (
            Edit("article", page.url, source, lambda n: f"{text}\n\n<p>{mark(n)}</p>\n"),
            Edit("title", page.url, source, lambda n: text.replace(title, f"{title} {mark(n)}")),
            Edit("thread", "/threads/bench/", thread,
                 lambda n: f"---\ntitle: {mark(n)}\ninclude: {page.id}\n---\n"),
            Edit("template", page.url, site / "templates/article.html",
                 lambda n: template.replace("</article>", f"<p>{mark(n)}</p></article>")),
            Edit("css", page.url, site / "static/style.css",
                 lambda n: f"{style}\nh1 {{ color: {colour(n)} !important }}\n", by_colour=True),
        ),
    )  # fmt: skip


def hugo_peer(site: Path, newest: Path) -> Peer:
    """Hugo, with the page of the same article."""
    source, layout = site / "content/00000.md", site / "layouts/page.html"
    text, template = source.read_text("utf-8"), layout.read_text("utf-8")
    style = (site / "static/style.css").read_text("utf-8")
    hugo, cache = hugo_binary(), str(site / ".cache")
    named = re.compile(r"^(title: .*?)(['\"]?)$", re.M)
    assert newest.is_file()
    return Peer(
        "hugo",
        site,
        (hugo, "--quiet", "--cacheDir", cache),
        (hugo, "server", "--port", "{port}", "--renderToMemory", "--cacheDir", cache),
        (
            Edit("article", "/00000/", source, lambda n: f"{text}\n\n<p>{mark(n)}</p>\n"),
            Edit("title", "/00000/", source, lambda n: named.sub(rf"\1 {mark(n)}\2", text, count=1)),
            Edit("template", "/00000/", layout,
                 lambda n: template.replace("</article>", f"<p>{mark(n)}</p></article>")),
            Edit("css", "/00000/", site / "static/style.css",
                 lambda n: f"{style}\nh1 {{ color: {colour(n)} !important }}\n", by_colour=True),
        ),
    )  # fmt: skip


@contextmanager
def served(peer: Peer) -> Iterator[tuple[str, float, int]]:
    """A running server: its address, the seconds from its start to the first page, its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begin = time.perf_counter()
    command = [part.replace("{port}", str(port)) for part in peer.serve]
    env = {"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin", "HOME": str(peer.site)}
    with (peer.site / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=peer.site, stdout=log, stderr=log, env=env)
        try:
            while not _answers(port):
                time.sleep(0.01)
            yield f"http://localhost:{port}", time.perf_counter() - begin, process.pid
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    connection = HTTPConnection("localhost", port, timeout=600)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def time_edit(tab: Page, edit: Edit, number: int) -> float:
    """Seconds from a save to the moment when the tab shows it."""
    text = edit.write(number)
    begin = time.perf_counter()
    edit.file.write_text(text, "utf-8")
    if edit.by_colour:
        heading = tab.locator("h1").first
        while heading.evaluate(_COLOUR) != colour(number):
            if time.perf_counter() - begin > _PATIENCE_MILLISECONDS / 1000:
                raise TimeoutError(f"{edit.kind}: not seen")
    else:
        tab.get_by_text(mark(number)).first.wait_for(timeout=_PATIENCE_MILLISECONDS)
    return time.perf_counter() - begin


def run(peer: Peer, edits: int) -> tuple[dict[str, list[float]], float, float]:
    """The seconds of each edit by kind, those from start to first page, and MiB at the end."""
    seconds: dict[str, list[float]] = {edit.kind: [] for edit in peer.edits}
    with served(peer) as (_, first, _):
        starts = [first]
    with served(peer) as (url, first, pid), sync_playwright() as playwright:
        starts.append(first)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        tab = browser.new_page()
        number = 0
        for turn in range(edits + 1):
            for edit in peer.edits:
                if tab.url != url + edit.path:
                    tab.goto(url + edit.path)
                tab.wait_for_timeout(_PAUSE_MILLISECONDS)
                number += 1
                taken = time_edit(tab, edit, number)
                if turn:  # the first of each kind warms up
                    seconds[edit.kind].append(taken)
            print(f"\r  {peer.name}: {turn} of {edits}", end="", flush=True)
        memory = sum(_pss(each) for each in _tree(pid)) / 1024
        browser.close()
    print()
    return seconds, min(starts), memory


def percentile(values: list[float], share: float) -> float:
    """The smallest of `values` that so large a share does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def report(name: str, seconds: dict[str, list[float]], start: float, memory: float) -> bool:
    """Print the figures; whether digest meets its bars."""
    met = True
    print(f"\n{name:10}{'median':>9}{'p95':>9}{'worst':>9}  ms")
    for kind, values in seconds.items():
        p95 = percentile(values, 0.95)
        figures = "".join(f"{1000 * value:9.0f}" for value in (percentile(values, 0.5), p95, max(values)))
        met &= p95 <= BARS[kind]
        print(f"{kind:10}{figures}  at most {1000 * BARS[kind]:.0f}")
    met &= start <= START and memory <= MEMORY
    print(f"first page after {start:.2f} s, {memory:.0f} MiB")
    return met or name != "digest"


def main() -> int:
    """Read the command line, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", default="10000", help="how many articles, newest first, or `all`")
    parser.add_argument("--edits", type=int, default=30, help="edits of each kind")
    parser.add_argument("--only", choices=("digest", "hugo"), help="one generator alone")
    parser.add_argument("--work", type=Path, default=scratch(), help="where the sites are laid out")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    names = [options.only] if options.only else ["hugo", "digest"]
    count = None if options.count == "all" else int(options.count)
    met = [
        report(peer.name, *run(peer, options.edits)) for peer in lay_out(options.work.resolve(), count, names)
    ]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())

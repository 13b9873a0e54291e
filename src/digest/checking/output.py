"""What is wrong with the built site: findings of its files, taken together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from msgspec import Struct

from digest.checking.addresses import Anchor, Tree, find_clashes
from digest.checking.feeds import read_feed
from digest.checking.findings import Finding
from digest.checking.pages import Fault, Seen, read_page, read_style


class Judged(Struct, frozen=True, gc=False):
    """One file after reading: its faults, its anchors, and the anchors of other files it leads to."""

    path: str
    faults: tuple[Fault, ...] = ()
    anchors: tuple[str, ...] = ()
    wanted: tuple[Anchor, ...] = ()


_FEEDS = (".xml", ".json", ".opml", ".atom", ".rss")


def is_readable(path: str) -> bool:
    """Whether the file is of a kind that is read: HTML, CSS, feeds, lists and sitemaps."""
    return path.endswith((".html", ".htm", ".css", *_FEEDS))


def read_output(path: str, data: bytes) -> Seen:
    """What a file of the output holds."""
    if path.endswith((".html", ".htm")):
        return read_page(data)
    return read_style(data) if path.endswith(".css") else read_feed(path, data)


def judge_file(path: str, data: bytes, tree: Tree) -> Judged:
    """What is wrong with one file, but for anchors on other pages."""
    seen = read_output(path, data)
    faults = list(seen.faults)
    wanted: list[Anchor] = []
    own = frozenset(seen.anchors)
    for reference in seen.references:
        outcome = tree.judge(path, reference)
        if isinstance(outcome, Fault):
            faults.append(outcome)
        elif outcome is not None and outcome.path != path:
            wanted.append(outcome)
        elif outcome is not None and outcome.name not in own:
            faults.append(_dead_anchor(outcome))
    return Judged(path, tuple(faults), seen.anchors, tuple(wanted))


def judge_site(files: Sequence[Judged], paths: Iterable[str]) -> Iterator[Finding]:
    """All findings of the files, in order of their paths, and of their addresses."""
    anchors = {file.path: frozenset(file.anchors) for file in files}
    for file in sorted(files, key=lambda f: f.path):
        dead = (a for a in file.wanted if a.path in anchors and a.name not in anchors[a.path])
        for fault in (*file.faults, *map(_dead_anchor, dead)):
            yield Finding(fault.code, fault.message, f"/{file.path}", fault.line, fault.about)
    for first, other, why in find_clashes(paths):
        code = "url-ambiguous" if why == "the ending" else "url-clash"
        message = f"is one address with /{first}, but for {why} (expected names that differ in more)"
        yield Finding(code, message, f"/{other}", about=f"/{first}")


def _dead_anchor(anchor: Anchor) -> Fault:
    address = anchor.address[:120]
    message = f"{address!r} leads to no such place (expected id={anchor.name!r} in /{anchor.path})"
    return Fault("anchor-dead", message, anchor.address)


def find_line(data: bytes, needle: str) -> int:
    """The line in which the needle stands, as it is or escaped; 0 if in none."""
    for variant in (needle, escape(needle, quote=False), escape(needle)):
        place = data.find(variant.encode())
        if needle and place >= 0:
            return data.count(b"\n", 0, place) + 1
    return 0

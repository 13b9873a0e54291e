"""Check a built site as a whole: links, anchors, foreign addresses, outlines, feeds, sitemap.

    python benchmarks/check_output.py public [--url https://example.org/digest] [--show 10]

Prints the faults by kind with their number and the first of each, and ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from feed_checks import atom_faults, json_feed_faults, opml_faults, sitemap_faults
from html_checks import Fault, check_folder


def check_feeds(folder: Path, url: str) -> Iterator[Fault]:
    """The faults of every feed, the OPML and the sitemap."""
    for path in sorted(folder.rglob("feed.*")):
        check = atom_faults if path.suffix == ".xml" else json_feed_faults
        for detail in check(path.read_bytes(), url):
            yield Fault(path.relative_to(folder).as_posix(), "feed", detail)
    for detail in opml_faults((folder / "feeds.opml").read_bytes()):
        yield Fault("feeds.opml", "feed", detail)
    for path in sorted(folder.glob("sitemap*.xml")):
        for detail in sitemap_faults(path.read_bytes(), url):
            yield Fault(path.name, "sitemap", detail)


def main() -> int:
    """Check the folder named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--url", default="", help="the site's own url, if site.toml has one")
    parser.add_argument("--show", type=int, default=10, help="how many faults of each kind are shown")
    given = parser.parse_args()
    kinds = defaultdict[str, list[Fault]](list)
    for fault in (*check_folder(given.folder, given.url), *check_feeds(given.folder, given.url)):
        kinds[fault.kind].append(fault)
    pages = sum(1 for _ in given.folder.rglob("*.html"))
    feeds = sum(1 for _ in given.folder.rglob("feed.*"))
    print(f"{pages} pages, {feeds} feeds, {sum(map(len, kinds.values()))} faults")
    for kind, faults in sorted(kinds.items()):
        print(f"{kind}: {len(faults)}")
        for fault in faults[: given.show]:
            print(f"  {fault.page}: {fault.detail}")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())

"""Bytes of each article page beyond its own serialised body: the theme's share of a built site.

    python benchmarks/chrome.py [SITE]

Reads each page's file once more for its body, and takes that from the page's bytes; what the theme
adds inside the body (a local address beside an original one) counts as the theme's. Prints the
median and the 90th percentile; exits 1 where the median is above the bar.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median, quantiles

from digest.build.export import export_pages
from digest.config import SiteConfig, load_config
from digest.loaders import Reader, load
from digest.model import Loaded, SourceFile

BAR = 2500


def measure_chrome(config: SiteConfig) -> dict[str, int]:
    """For each article's address, the bytes of its page that are not its body."""
    readers = [(Path(folder), Reader(config.profiles, Path(config.site))) for folder in config.content]
    sizes: dict[str, int] = {}
    for line in export_pages(config):
        page = json.loads(line)
        folder, reader = next(pair for pair in readers if (pair[0] / page["path"]).is_file())
        loaded = load(SourceFile(page["path"], (folder / page["path"]).read_bytes()), reader)
        if not isinstance(loaded, Loaded):
            raise SystemExit(f"{page['path']} is no article any more: build the site again")
        output = Path(config.output, page["url"][1:])
        sizes[page["url"]] = output.stat().st_size - len(loaded.body.html.encode())
    return sizes


def main() -> int:
    """Measure every article page of a site that is built."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", type=Path, nargs="?", default=Path(), help="the folder of a built site")
    sizes = measure_chrome(load_config(parser.parse_args().site))
    if len(sizes) < 2:
        raise SystemExit("no articles")
    middle, high = median(sizes.values()), quantiles(sizes.values(), n=10)[-1]
    largest = max(sizes, key=lambda url: sizes[url])
    print(f"{len(sizes)} articles: median {middle:.0f}, 90th percentile {high:.0f} bytes")
    print(f"largest {sizes[largest]} bytes: {largest}")
    print(f"median at most {BAR}: {'met' if middle <= BAR else 'MISSED'}")
    return 0 if middle <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

"""Bytes of each article page beyond its own body: the theme's share of a built site.

    python benchmarks/chrome.py [public]

The body is what stands in `<article>` after its header and lead picture. Prints the median and the
90th percentile; exits 1 where the median is above the bar.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from statistics import median, quantiles

BAR = 2500
_ADDRESS = re.compile(r"(?:\d{4}/\d\d/\d\d|undated)/(?!index\.html|page-\d+\.html)[^/]+\.html")
_BODY = re.compile(rb"<article\b.*?</header>\s*(?:<figure>.*?</figure>)?(.*)</article>", re.S)


def measure_chrome(page: bytes) -> int:
    """Bytes of an article page that are not its body. Raises ValueError where it holds no article."""
    match = _BODY.search(page)
    if match is None:
        raise ValueError("no <article> with a header")
    return len(page) - len(match[1].strip())


def main() -> int:
    """Measure every article page below the folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path, nargs="?", default=Path("public"), help="a built site")
    folder: Path = parser.parse_args().output
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*.html")]
    articles = sorted(path for path in paths if _ADDRESS.fullmatch(path))
    if len(articles) < 2:
        raise SystemExit(f"no articles in {folder}")
    sizes = {path: measure_chrome((folder / path).read_bytes()) for path in articles}
    middle = median(sizes.values())
    largest = max(sizes, key=lambda path: sizes[path])
    high = quantiles(sizes.values(), n=10)[-1]
    print(f"{len(sizes)} articles: median {middle:.0f}, 90th percentile {high:.0f} bytes")
    print(f"largest {sizes[largest]} bytes: {largest}")
    print(f"median at most {BAR}: {'met' if middle <= BAR else 'MISSED'}")
    return 0 if middle <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

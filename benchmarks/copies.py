"""Near duplicates on the real archive: draw the pairs that were labelled by hand, and score the detector.

    DIGEST_CORPUS=../shared python benchmarks/copies.py sample > pairs.tsv
    DIGEST_CORPUS=../shared python benchmarks/copies.py score

`sample` draws 300 pairs of articles that lie at most a week apart, 50 from each sixth of the
range of containment from .15 to 1. Containment is counted exactly here, over all runs of five words
(a Han letter is a word), without the detector's hashes, bitmaps and thresholds. Within a sixth, the pairs are
those whose ids have the lowest hash, so that the draw is random and yet always the same. `score`
reads the labels in tests/fixtures/near-duplicates.tsv and prints precision, recall and costs.
"""

from __future__ import annotations

import csv
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from archive import scratch, unpack
from opencc import OpenCC
from scipy.sparse import csr_matrix

from digest.build.pipeline import read_edition
from digest.config import load_config
from digest.grouping.copies import SIZE, Text, find_copies, signature
from digest.grouping.terms import sketch
from digest.ids import short_hash
from digest.model import Version

LABELS = Path(__file__).parent.parent / "tests/fixtures/near-duplicates.tsv"
SIXTHS = [0.15, 0.3, 0.45, 0.6, 0.75, 0.9]
EACH = 50
APART = 7 * 24.0  # hours
BLOCK = 400  # articles compared at once with all of the week before them
_WORD = re.compile(r"[^\W_\u3400-\u9fff]+|[\u3400-\u9fff]")


class Article(NamedTuple):
    """A page: its id, outlet, hour since 1970, newest version, text, and the name of its file."""

    id: str
    source: str
    hour: float
    version: Version
    text: str
    file: str


class Pair(NamedTuple):
    """Two articles, the earlier first, and the share of the shorter one's shingles that both have."""

    left: Article
    right: Article
    contained: float


def main() -> None:
    """Run the command that is named."""
    commands = {"sample": sample, "score": score}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        raise SystemExit(__doc__)
    with read_articles() as articles:
        commands[sys.argv[1]](articles)


@contextmanager
def read_articles() -> Iterator[list[Article]]:
    """All articles with a time, in order."""
    work = scratch()
    unpack(work)
    site = work / "copies"
    site.mkdir(exist_ok=True)
    (site / "site.toml").write_text('title = "Copies"\n', "utf-8")
    config = load_config(site, content=[work / "archive-2020-07-to-10"])
    with read_edition(config) as (edition, store):
        yield [
            Article(
                page.id,
                page.source,
                page.moment.timestamp() / 3600,
                page.newest,
                store.body(page.newest.body).text,
                Path(page.newest.path).name,
            )
            for page in edition.digest.pages
            if page.moment
        ]


def sample(articles: list[Article]) -> None:
    """Print the pairs to label, and on stderr how many there were in each sixth."""
    strata: list[list[Pair]] = [[] for _ in SIXTHS]
    for pair in find_candidates(articles):
        strata[sum(pair.contained >= lowest for lowest in SIXTHS) - 1].append(pair)
    print("sixth half page1 text1 file1 source1 page2 text2 file2 source2 apart copy".replace(" ", "\t"))
    for lowest, stratum in zip(SIXTHS, strata, strict=True):
        print(f"from {lowest}: {len(stratum)} pairs", file=sys.stderr)
        stratum.sort(key=lambda pair: _chance("", pair))
        for pair in stratum[:EACH]:
            half = "dev" if _chance("half ", pair)[0] & 1 else "test"
            sides = (
                f"{each.id}\t{short_hash(each.text)}\t{short_hash(each.file)}\t{each.source}"
                for each in (pair.left, pair.right)
            )
            apart = pair.right.hour - pair.left.hour
            print(f"{lowest}", half, *sides, f"{apart:.2f}", "?", sep="\t")


def _chance(salt: str, pair: Pair) -> bytes:
    return blake2b(f"{salt}{pair.left.id} {pair.right.id}".encode(), digest_size=8).digest()


def find_candidates(articles: list[Article]) -> Iterator[Pair]:
    """Every pair at most `APART` hours apart of which the shorter text is contained in the other to
    `SIXTHS[0]` or more."""
    to_simplified = OpenCC("t2s")
    numbers: dict[str, int] = {}
    rows = []
    for article in articles:
        plain = unicodedata.normalize("NFKC", to_simplified.convert(article.text)).lower()
        words = _WORD.findall(plain)
        runs = {" ".join(words[start : start + 5]) for start in range(max(len(words) - 4, bool(words)))}
        rows.append(sorted(numbers.setdefault(run, len(numbers)) for run in runs))
    size = np.array([len(row) for row in rows])
    columns = np.concatenate([np.array(row, np.int64) for row in rows])
    shared = np.bincount(columns) > 1  # a run that only one article has joins nothing
    place, kept = np.cumsum(shared) - 1, shared[columns]
    matrix = csr_matrix(
        (np.ones(kept.sum(), np.int32), (np.repeat(np.arange(len(rows)), size)[kept], place[columns[kept]])),
        shape=(len(rows), int(shared.sum())),
    )
    hours = np.array([article.hour for article in articles])
    for start in range(0, len(rows), BLOCK):
        first = int(np.searchsorted(hours, hours[start] - APART))
        common = (matrix[start : start + BLOCK] @ matrix[first : start + BLOCK].T).tocoo()
        later, earlier = common.row + start, common.col + first
        contained = common.data / np.minimum(size[later], size[earlier])
        near = (earlier < later) & (hours[later] - hours[earlier] <= APART) & (contained >= SIXTHS[0])
        for left, right, share in zip(earlier[near], later[near], contained[near], strict=True):
            yield Pair(articles[left], articles[right], float(share))


def score(articles: list[Article]) -> None:
    """Print precision and recall on each half and on all labels, what differs, and costs."""
    texts = {a.id: Text(sketch(a.version, a.text).signature, a.source, a.hour) for a in articles}
    began = time.process_time()
    for article in articles:
        signature(article.text)
    each = (time.process_time() - began) / len(articles) * 1e6
    print(f"signature: {SIZE} bytes, {each:.0f} µs an article (folding aside)")
    hashes = {article.id: short_hash(article.text) for article in articles}
    counts: Counter[tuple[str, bool, bool]] = Counter()
    for row in read_labels():
        left, right, copy = row["page1"], row["page2"], row["copy"] == "1"
        if (hashes.get(left), hashes.get(right)) != (row["text1"], row["text2"]):
            print(f"other text than was labelled: {left} {right}")
            continue
        found = bool(find_copies([[left, right]], texts))
        counts[row["half"], found, copy] += 1
        if found != copy:
            print(f"{row['half']}: {left} {right} sixth {row['sixth']}: {'a copy' if copy else 'no copy'}")
    for halves in (["dev"], ["test"], ["dev", "test"]):
        hit, extra, lost = (
            sum(counts[half, found, copy] for half in halves)
            for found, copy in ((True, True), (True, False), (False, True))
        )
        print(
            f"{'+'.join(halves):8} precision {hit / (hit + extra):.3f} recall {hit / (hit + lost):.3f}",
            end="",
        )
        print(f" ({hit} found, {extra} wrong, {lost} missed)")
    for together in (5, 50, 500):
        groups = [[a.id for a in articles[n : n + together]] for n in range(0, len(articles), together)]
        began = time.perf_counter()
        copies = find_copies(groups, texts)
        print(f"groups of {together}: {time.perf_counter() - began:.2f} s, {len(copies)} copies")


def read_labels() -> list[dict[str, str]]:
    """The labelled pairs, without the comments above them."""
    lines = [line for line in LABELS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


if __name__ == "__main__":
    main()

"""Makes `src/digest/grouping/weights.tsv`, the frozen table of document frequencies.

    python tools/term_weights.py SITE CONTENT...

Counts, over news archives read with digest's own loaders, in how many articles each folded term stands
(headline and running text). A term's frequency is the upper quartile of its frequencies in
five-day blocks, as a count in 100,000: what is in the news all the time keeps its frequency, while
what one story brought up for a few days drops out. So the table holds what is general in
everyday news and nothing of the stories of its months. Facts about words: no text can be read from it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from digest.build.pipeline import read_edition
from digest.config import load_config
from digest.grouping.forms import strip_column, strip_dateline
from digest.grouping.terms import cut_terms
from digest.grouping.weights import ARTICLES
from digest.text.folding import fold

BLOCK = 5 * 86400
FEWEST = 200  # articles; a block with fewer says little
LEAST = 20  # in 100,000; what is rarer need not be named


def read_terms(article: tuple[str, str]) -> frozenset[str]:
    """The terms of one article, given its headline and text."""
    title, text = article
    body = fold(text[:6000])
    return frozenset([*cut_terms(strip_column(fold(title))), *cut_terms(strip_dateline(body))])


def main(site: str, *content: str) -> None:
    """Reads the archives and prints the table."""
    texts: list[tuple[str, str]] = []
    times: list[float] = []
    config = load_config(Path(site), content=[Path(c) for c in content])
    with read_edition(config) as (edition, store):
        for page in edition.digest.pages:
            first = page.versions[0]
            moment = first.fetched or page.moment
            if moment is not None:
                texts.append((first.title, store.body(first.body).text))
                times.append(moment.timestamp())
    blocks = ((np.array(times) - min(times)) // BLOCK).astype(int)
    sizes = np.bincount(blocks)
    kept = np.flatnonzero(sizes >= FEWEST)
    place = {int(block): number for number, block in enumerate(kept)}
    counts: dict[str, np.ndarray[tuple[int], np.dtype[np.int32]]] = defaultdict(
        lambda: np.zeros(len(kept), np.int32)
    )
    with ProcessPoolExecutor() as crew:
        for block, terms in zip(blocks, crew.map(read_terms, texts, chunksize=500), strict=True):
            if (number := place.get(int(block))) is not None:
                for term in terms:
                    counts[term][number] += 1
    print(f"# In how many of {ARTICLES:,} news articles each term stands (tools/term_weights.py):")
    print(f"# the upper quartile over {len(kept)} blocks of five days, {len(texts):,} articles.")
    lines: dict[int, list[str]] = defaultdict(list)
    for term in sorted(counts):
        share = float(np.quantile(counts[term] / sizes[kept], 0.75))
        lines[round(share * ARTICLES)].append(term)
    for count in sorted(lines, reverse=True):
        if count >= LEAST:
            print(count, " ".join(lines[count]), sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:])

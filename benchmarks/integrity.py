"""Is any text lost? Reads every article twice and compares.

The first reading is digest's own (`trace`): page text, captions, credits and stripped pieces,
in document order. The second is html5lib's, another parser, with nothing stripped. White space
aside, the two must be equal, character by character.

    python benchmarks/integrity.py CONTENT [--outlet rfi] [--sample 2000] [--rules]

Exit 1 if fewer than 99.9 % of the articles are equal. `--rules` lists what was stripped, by
outlet and rule: the most frequent and the longest pieces, for a reviewer to read.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import html5lib

from digest.errors import Problem
from digest.loaders import Reader, trace
from digest.model import SourceFile
from digest.sources import read_builtin

BAR = 0.999
SUFFIXES = {".md", ".markdown", ".html", ".txt"}
# What a browser never shows as text: a second parser has no business counting it.
SILENT = {"script", "style", "template", "iframe", "noembed", "noframes", "title"}
BLANK = re.compile(r"\s+")
FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
COMMENT = re.compile(r"\A\s*<!--[^>]*-->\n?")
HEADING = re.compile(r"\A\s*\[.*?\]\(\S+\)\n-{3,}\n", re.S)


class Outcome(NamedTuple):
    """One article: its outlet, where the two readings part (empty if nowhere), and what was
    stripped (rule, text)."""

    path: str
    source: str
    miss: str
    stripped: tuple[tuple[str, str], ...]


def source_text(data: bytes) -> str:
    """All the text of the body, read by html5lib, without white space."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    for part in (FRONT, COMMENT, HEADING):
        text = part.sub("", text, count=1)
    tree = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    return BLANK.sub("", "".join(_words(tree)))


def _words(element: Any) -> Iterator[str]:
    stack: list[Any] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        name = node.tag if isinstance(node.tag, str) else "script"  # a comment is no text either
        if name.rpartition("}")[2] in SILENT and not name.endswith("}title"):
            continue
        for child in reversed(node):
            stack += [child.tail or "", child]
        yield node.text or ""


def compare(paths: Iterable[str], root: str) -> list[Outcome]:
    """Both readings of each file below `root`."""
    reader = Reader(read_builtin(), None)
    return [_compare(path, root, reader) for path in paths]


def _compare(path: str, root: str, reader: Reader) -> Outcome:
    data = Path(root, path).read_bytes()
    loaded, found = trace(SourceFile(path, data), reader)
    if isinstance(loaded, Problem) or found is None:
        return Outcome(path, "", f"unread: {loaded}", ())
    ours = BLANK.sub("", "".join(piece.text for piece in found.pieces))
    theirs = source_text(data)
    stripped = tuple(
        (p.rule, p.text.strip()) for p in found.pieces if p.kind == "stripped" and p.text.strip()
    )
    return Outcome(path, loaded.version.source, _difference(ours, theirs), stripped)


def _difference(ours: str, theirs: str) -> str:
    if ours == theirs:
        return ""
    at = next(
        (i for i, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
    )
    around = slice(max(0, at - 12), at + 28)
    sizes = f"{len(ours)} and {len(theirs)} characters"
    return f"at {at}: digest {ours[around]!r}, html5lib {theirs[around]!r} ({sizes})"


def run(root: Path, paths: list[str], processes: int) -> list[Outcome]:
    """All outcomes, in the order of `paths`."""
    shares = [paths[i : i + 64] for i in range(0, len(paths), 64)]
    with ProcessPoolExecutor(processes) as pool:
        done = pool.map(compare, shares, [str(root)] * len(shares))
        return [outcome for share in done for outcome in share]


def report_rules(outcomes: Iterable[Outcome], most: int = 8, longest: int = 4) -> None:
    """What each rule of each outlet took away."""
    pieces: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    files: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        for rule, text in outcome.stripped:
            pieces[outcome.source, rule][text] += 1
        files.update({(outcome.source, rule) for rule, _ in outcome.stripped})
    for key in sorted(pieces):
        texts = pieces[key]
        print(
            f"\n{key[0]} · {key[1]}: {texts.total()} pieces in {files[key]} articles, {len(texts)} different"
        )
        for text, count in sorted(texts.items(), key=lambda item: (-item[1], item[0]))[:most]:
            print(f"  {count:6} × {_short(text)}")
        for text in sorted(texts, key=lambda t: (-len(t), t))[:longest]:
            print(f"  {len(text):6} chars {_short(text, 240)}")


def _short(text: str, limit: int = 100) -> str:
    one_line = BLANK.sub(" ", text)
    return one_line if len(one_line) <= limit else f"{one_line[: limit // 2]} … {one_line[-limit // 2 :]}"


def main() -> int:
    """Compare, print, and say by the exit code whether the bar is reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("content", type=Path)
    parser.add_argument("--sample", type=int, default=0, help="only so many files, chosen by --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--outlet", default="", help="only articles of this outlet, by slug")
    parser.add_argument("--rules", action="store_true", help="list what was stripped")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--misses", type=int, default=50, help="how many misses to print")
    options = parser.parse_args()
    root: Path = options.content
    paths = sorted(
        p.relative_to(root).as_posix() for p in root.rglob("*") if p.suffix in SUFFIXES and p.is_file()
    )
    if options.sample and options.sample < len(paths):
        paths = sorted(random.Random(options.seed).sample(paths, options.sample))
    begun = time.perf_counter()
    outcomes = [o for o in run(root, paths, options.processes) if options.outlet in ("", o.source)]
    if options.rules:
        report_rules(outcomes)
    misses = [o for o in outcomes if o.miss]
    for outcome in misses[: options.misses]:
        print(f"\n{outcome.source} {outcome.path}\n  {outcome.miss}")
    counts = Counter(o.source for o in outcomes)
    missed = Counter(o.source for o in misses)
    print()
    for source, count in sorted(counts.items()):
        print(f"{source or 'unread':12} {count:6} articles, {missed[source]:4} differ")
    share = 1 - len(misses) / len(outcomes) if outcomes else 1.0
    print(f"{share:.4%} of {len(outcomes)} articles equal ({time.perf_counter() - begun:.0f} s)")
    return 0 if share >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())

"""How well stories agree with labels made by hand. Pure; files are told by their base names.

Two kinds of labels: of a *window*, every article of a few days with its story (`file<TAB>story`); of
*stories*, the members of some long-running ones (`story<TAB>file`). The measures are B-cubed
(Bagga & Baldwin 1998) over a window, and the F1 of the thread that matches each story best.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal, NamedTuple

Kind = Literal["window", "stories"]
_SUFFIXES = (".md", ".markdown", ".html", ".htm", ".txt")


class Gold(NamedTuple):
    """Labels: their kind, rows of (file, story), the lines that name no file of the archive, and
    those that are not two columns (number from 1 and text of each)."""

    kind: Kind
    rows: tuple[tuple[str, str], ...]
    unknown: tuple[tuple[int, str], ...]
    broken: tuple[tuple[int, str], ...]


class Figures(NamedTuple):
    """Precision, recall and their harmonic mean, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


class Match(NamedTuple):
    """The thread that matches a story best (None where no member is in any): F1, how many articles
    both hold, and the sizes of the two."""

    f1: float
    thread: str | None
    common: int
    thread_size: int
    story_size: int


class Mistake(NamedTuple):
    """A story that the threads do not render: its articles by thread (None is in none), largest piece
    first, what else the largest piece holds, and what was lost (articles' worth of F1)."""

    story: str
    pieces: tuple[tuple[str | None, tuple[str, ...]], ...]
    intruders: tuple[str, ...]
    loss: float


def read_gold(text: str, files: Collection[str]) -> Gold:
    """Reads labels. Their kind is told by the column that names files: those of the archive (base
    names in `files`), or else what ends like one. Raises ValueError where neither column does, or both."""
    known = frozenset(files)
    rows: list[tuple[int, str, str]] = []
    broken: list[tuple[int, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.strip():
            first, tab, second = line.partition("\t")
            if tab and first.strip() and second.strip():
                rows.append((number, first, second.strip()))
            else:
                broken.append((number, line.strip()))
    kind = _tell_kind([(first, second) for _, first, second in rows], known)
    named = [(n, first, second) if kind == "window" else (n, second, first) for n, first, second in rows]
    unknown = tuple((number, file) for number, file, _ in named if _base(file) not in known)
    labels = tuple((_base(file), story) for _, file, story in named)
    return Gold(kind, labels, unknown, tuple(broken))


def _tell_kind(rows: Sequence[tuple[str, str]], known: Collection[str]) -> Kind:
    for is_file in (lambda text: _base(text) in known, lambda text: text.lower().endswith(_SUFFIXES)):
        first = sum(is_file(a) for a, _ in rows)
        second = sum(is_file(b) for _, b in rows)
        if first != second:
            return "window" if first > second else "stories"
    raise ValueError("no column names files of the archive (expected file<TAB>story or story<TAB>file)")


def _base(path: str) -> str:
    return PurePosixPath(path).name


def label(threads: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """The thread of each file, by base name, from (id, paths) of each thread; of several the last."""
    return {_base(path): name for name, paths in threads for path in paths}


def b_cubed(gold: Mapping[str, str], system: Mapping[str, str]) -> tuple[Figures, Figures]:
    """B-cubed over all articles of `gold`, and *b3+*, the same without the free points of singletons:
    recall is averaged over articles whose story has two members or more, precision over those
    whose thread has. What is in no thread is alone; members outside `gold` do not count."""
    precision, recall = {}, {}
    inside = {file: system.get(file, f"alone:{file}") for file in gold}
    stories, threads = Counter(gold.values()), Counter(inside.values())
    common = Counter((gold[file], inside[file]) for file in gold)
    for file, story in gold.items():
        both = common[story, inside[file]]
        precision[file], recall[file] = both / threads[inside[file]], both / stories[story]
    grouped = [precision[file] for file in gold if threads[inside[file]] > 1]
    shared = [recall[file] for file, story in gold.items() if stories[story] > 1]
    return (
        _figures(_mean(list(precision.values())), _mean(list(recall.values()))),
        _figures(_mean(grouped), _mean(shared)),
    )


def match_best(rows: Iterable[tuple[str, str]], system: Mapping[str, str]) -> dict[str, Match]:
    """For each story of `rows` (file, story) the thread with the highest F1; of equals the one that
    shares more, then the larger, then the first by id. Stories are in the order of their names."""
    sizes = Counter(system.values())
    found = {}
    for story, files in sorted(_members(rows).items()):
        common = Counter(system[file] for file in files if file in system)
        matches = [
            Match(2 * n / (sizes[t] + len(files)), t, n, sizes[t], len(files)) for t, n in common.items()
        ]
        ranked = sorted(matches, key=lambda m: (-m.f1, -m.common, -m.thread_size, m.thread or ""))
        found[story] = ranked[0] if ranked else Match(0.0, None, 0, 0, len(files))
    return found


def mean_f1(matches: Mapping[str, Match]) -> float:
    """The mean of the stories' best matches; 0 without any."""
    return _mean([match.f1 for match in matches.values()])


def find_mistakes(gold: Gold, system: Mapping[str, str]) -> list[Mistake]:
    """Stories of two articles or more that are in pieces or have intruders, most lost first.

    In a window only its own articles count as intruders, and those of no labelled story too.
    """
    labels = dict(gold.rows)
    inside = labels if gold.kind == "window" else None
    threads: dict[str, list[str]] = {}
    for file, thread in sorted(system.items()):
        if inside is None or file in inside:
            threads.setdefault(thread, []).append(file)
    mistakes = []
    for story, members in sorted(_members(gold.rows).items()):
        pieces: dict[str | None, list[str]] = {}
        for file in sorted(members):
            pieces.setdefault(system.get(file), []).append(file)
        whole = [t for t in pieces if t is not None]
        main = min(whole, key=lambda t: (-len(pieces[t]), len(threads[t]), t), default=None)
        held = threads[main] if main is not None else []
        intruders = tuple(file for file in held if file not in members)
        ordered = sorted(pieces.items(), key=lambda p: (p[0] != main, p[0] is None, -len(p[1]), p[0] or ""))
        if len(members) > 1 and (len(pieces) > 1 or intruders or main is None):
            common = len(pieces[main]) if main is not None else 0
            loss = len(members) * (1 - 2 * common / (len(held) + len(members)))
            parts = tuple((thread, tuple(files)) for thread, files in ordered)
            mistakes.append(Mistake(story, parts, intruders, loss))
    return sorted(mistakes, key=lambda m: (-m.loss, m.story))


def _members(rows: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {}
    for file, story in rows:
        members.setdefault(story, set()).add(file)
    return members


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _figures(precision: float, recall: float) -> Figures:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Figures(precision, recall, f1)

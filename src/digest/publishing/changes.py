"""What publishing a tree would change, by comparing digests of files with those at the destination."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct


class Changes(Struct, frozen=True):
    """Paths in order. `sizes` are bytes by path: of the new file, of the old one where it goes;
    one whose size nobody knows is absent."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    sizes: Mapping[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    @property
    def count(self) -> int:
        """How many files differ."""
        return len(self.added) + len(self.changed) + len(self.removed)

    def summary(self) -> str:
        """`12 files added, 1 changed`, or `no file changed`."""
        counts = [
            f"{len(paths):,} {word}"
            for paths, word in ((self.added, "added"), (self.changed, "changed"), (self.removed, "removed"))
            if paths
        ]
        if not counts:
            return "no file changed"
        number, _, word = counts[0].partition(" ")
        counts[0] = f"{number} {'file' if number == '1' else 'files'} {word}"
        return ", ".join(counts)


def compare(before: Mapping[str, str], after: Mapping[str, str], sizes: Mapping[str, int]) -> Changes:
    """What changes from `before` to `after`: digests by path. `sizes` may know more paths than differ."""
    added = tuple(sorted(path for path in after if path not in before))
    changed = tuple(sorted(path for path in after if path in before and before[path] != after[path]))
    removed = tuple(sorted(path for path in before if path not in after))
    known = {path: sizes[path] for path in (*added, *changed, *removed) if path in sizes}
    return Changes(added, changed, removed, known)


def describe(changes: Changes, most: int) -> Iterator[str]:
    """Lines for people: counts with sizes, then the first `most` paths with what becomes of each."""
    groups = (
        ("added", "+", changes.added),
        ("changed", "~", changes.changed),
        ("removed", "-", changes.removed),
    )
    for word, _, paths in groups:
        known = [changes.sizes[path] for path in paths if path in changes.sizes]
        size = f"  {sum(known) / 1e6:9,.3f} MB" if known else ""
        yield f"{word:<8}{len(paths):>8,}{size}"
    marked = [(path, mark) for _, mark, paths in groups for path in paths]
    for path, mark in sorted(marked)[:most]:
        yield f"{mark} {path}"
    if len(marked) > most:
        yield f"… and {len(marked) - most:,} more"

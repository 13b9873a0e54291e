"""Clusters that grow article by article: agglomerative clustering by average linkage (Sokal and
Michener 1958), done as articles arrive.

Each article begins a cluster of its own; as long as the cluster just changed has another whose
average similarity to it is at least the threshold, the two most alike are joined. A cluster
never splits, and what has been decided depends on nothing that comes later.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

_LARGE = 16
_NEAREST = 3


class Linkage:
    """Clusters over a few days' articles. A cluster has a number; the older one's lives on."""

    def __init__(
        self,
        labels: Sequence[int],
        similarities: NDArray[np.int16],
        more: int,
        caution: float = 0.0,
    ) -> None:
        """Takes up where earlier days left off: `labels` are their articles' clusters, `similarities` those
        between these articles (symmetric); `more` is the most articles that will be added.

        To join two clusters that both are large, up to `caution` more than the threshold is asked for (all
        of it from 16 articles on, growing with the logarithm).
        """
        self._caution = caution
        self._cautions = np.array([caution * min(math.log2(max(n, 1)) / 4, 1) for n in range(_LARGE + 1)])
        self.numbers = sorted({label for label in labels if label >= 0})
        place = {number: slot for slot, number in enumerate(self.numbers)}
        room = len(self.numbers) + more
        slots = np.array([place.get(label, room) for label in labels], np.intp)
        self._none = room
        self._slots = np.concatenate((slots, np.full(more, room, np.intp)))
        self._count = len(labels)
        self._sizes = np.zeros(room)
        self._sums = np.zeros((room, room))
        known = np.flatnonzero(slots < room)
        if len(known):
            shape = (len(self.numbers), len(labels))
            member = sparse.csr_array((np.ones(len(known), np.int32), (slots[known], known)), shape=shape)
            sums = member @ (member @ similarities.astype(np.int32)).T
            used = len(self.numbers)
            self._sums[:used, :used] = sums
            self._sizes[:used] = member.sum(axis=1)
        self._shares = np.divide(1, self._sizes, out=np.zeros(room), where=self._sizes > 0)

    @property
    def labels(self) -> list[int]:
        """Each article's cluster; -1 for those that are in none."""
        numbers = self.numbers
        return [numbers[slot] if slot < self._none else -1 for slot in self._slots[: self._count].tolist()]

    @property
    def present(self) -> frozenset[int]:
        """The numbers of all clusters that are here."""
        sizes = self._sizes[: len(self.numbers)].tolist()
        return frozenset(n for n, size in zip(self.numbers, sizes, strict=True) if size)

    def near(self, numbers: Collection[int], least: float) -> list[tuple[int, int, int]]:
        """For each cluster of `numbers`, its nearest others of two articles or more whose average
        similarity to it is `least` or more: (cluster, other, similarity), three at most, best first."""
        used = len(self.numbers)
        sizes = self._sizes[:used]
        slots = [s for s in range(used) if sizes[s] > 1 and self.numbers[s] in numbers]
        if not slots:
            return []
        weights = sizes[slots][:, None] * np.where(sizes > 1, sizes, np.inf)[None, :]
        linked = self._sums[slots, :used] / weights
        linked[np.arange(len(slots)), slots] = -1
        found: list[tuple[int, int, int]] = []
        for slot, row in zip(slots, linked, strict=True):
            others = np.flatnonzero(row >= least)
            best = others[np.argsort(-row[others], kind="stable")[:_NEAREST]]
            found += [(self.numbers[slot], self.numbers[other], int(row[other])) for other in best.tolist()]
        return found

    def skip(self) -> None:
        """Adds an article that belongs to no cluster."""
        self._count += 1

    def add(
        self,
        number: int,
        row: NDArray[np.int16],
        threshold: float,
        fits: Callable[[int], bool] = lambda _: True,
    ) -> list[tuple[int, int]]:
        """Adds an article as cluster `number`, whose similarities to all before it are `row`, and joins what
        has an average similarity of `threshold` or more, and `fits` by its number: pairs of (cluster that
        went, cluster it went into), in order."""
        count, used = self._count, len(self.numbers)
        self.numbers.append(number)
        # The last bin takes the articles that are in no cluster.
        sums = np.bincount(self._slots[:count], weights=row, minlength=used + 1)[:used]
        self._sums[used, :used] = sums
        self._sums[:used, used] = sums
        self._sizes[used] = self._shares[used] = 1
        self._slots[count] = used
        self._count += 1
        # An average is at most its greatest part.
        if not count or row.max() < threshold:
            return []
        joined: list[tuple[int, int]] = []
        slot = used
        while (best := self._find_nearest(slot, threshold, fits)) is not None:
            older, younger = sorted((slot, best), key=self.numbers.__getitem__)
            joined.append((self.numbers[younger], self.numbers[older]))
            self._merge(younger, older)
            slot = older
        return joined

    def join(self, gone: int, kept: int) -> None:
        """Joins two clusters whatever their similarity; `kept` need not be here yet."""
        slot, other = self._find(gone), self._find(kept)
        if slot is not None and other is not None:
            self._merge(slot, other)
        elif slot is not None:
            self.numbers[slot] = kept

    def _find(self, number: int) -> int | None:
        # A number that has gone may stand here once more, without articles.
        return next((n for n, other in enumerate(self.numbers) if other == number and self._sizes[n]), None)

    def _find_nearest(self, slot: int, threshold: float, fits: Callable[[int], bool]) -> int | None:
        used = len(self.numbers)
        sizes = self._sizes[:used]
        linked = self._sums[slot, :used] * self._shares[:used]
        linked *= self._shares[slot]
        linked[slot] = -1
        if self._caution and sizes[slot] > 1 and linked.max() >= threshold:
            smaller = np.minimum(sizes, min(sizes[slot], _LARGE)).astype(np.intp)
            linked -= self._cautions[smaller]
        while True:
            best = int(linked.argmax())
            if linked[best] < threshold:
                return None
            if fits(self.numbers[best]):
                return best
            linked[best] = -1

    def _merge(self, gone: int, kept: int) -> None:
        used = len(self.numbers)
        sums, sizes = self._sums, self._sizes
        sums[kept, :used] += sums[gone, :used]
        sums[:used, kept] = sums[kept, :used]
        sizes[kept] += sizes[gone]
        sizes[gone] = self._shares[gone] = 0
        self._shares[kept] = 1 / sizes[kept]
        slots = self._slots[: self._count]
        slots[slots == gone] = kept

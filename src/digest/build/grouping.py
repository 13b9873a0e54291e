"""Grouping as tasks for a worker: bytes in, bytes out. What a build only reads and writes needs none of the
libraries that group, and the parent process goes on meanwhile."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from digest.model import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.grouping.article import Article

_encode = msgspec.msgpack.Encoder().encode


class Arrived(Struct, frozen=True, gc=False, array_like=True):
    """An article on its way into the fold: its page's id, the local day of its arrival, when it was written,
    and its encoded sketch."""

    id: str
    day: int
    written: datetime
    sketch: bytes


class FoldTask(Struct, frozen=True, gc=False, array_like=True):
    """Days to be folded. `ranked` are all page ids by moment, `days` those of each day by arrival.
    `decisions` are what is known of the first days, `state` the fold's state after them, both encoded.
    `inputs` are the articles of the last days: of those to be folded, and of so many before that reach is
    not cut short. `wanted` are numbers of days whose states are to be kept."""

    ranked: tuple[str, ...]
    days: tuple[tuple[str, ...], ...]
    decisions: tuple[bytes, ...]
    state: bytes
    inputs: tuple[tuple[Arrived, ...], ...]
    wanted: frozenset[int]


class Folded(Struct, frozen=True, gc=False, array_like=True):
    """The stories, and, encoded, the decisions of the days that were folded and the states wanted, by the
    days' numbers."""

    groups: tuple[Group, ...]
    decisions: dict[int, bytes]
    states: dict[int, bytes]


class Signed(Struct, frozen=True, gc=False, array_like=True):
    """A page of a story that is searched for copies: its id, encoded sketch, outlet, and time in hours."""

    id: str
    sketch: bytes
    source: str
    hour: float


def fold_days(payload: bytes) -> bytes:
    """The encoded `Folded` of an encoded `FoldTask`."""
    from digest.grouping.days import compare_days, reach_back  # noqa: PLC0415 - see above
    from digest.grouping.fold import Decision, Settings, State, step  # noqa: PLC0415
    from digest.grouping.gather import gather  # noqa: PLC0415

    task = msgspec.msgpack.decode(payload, type=FoldTask)
    decode = msgspec.msgpack.Decoder(Decision).decode
    decisions = [decode(decision) for decision in task.decisions]
    folded, states = dict[int, bytes](), dict[int, bytes]()
    if len(decisions) < len(task.days):
        settings = Settings()
        state = msgspec.msgpack.decode(task.state, type=State) if task.state else State()
        dates = [day[0].day for day in task.inputs]
        start = len(task.inputs) - (len(task.days) - len(decisions))
        first = reach_back(dates, reach_back(dates, start, settings.reach), settings.reach)
        days = compare_days(read_articles(islice(task.inputs, first, None)), start - first, settings.reach)
        for number, day in enumerate(days, len(decisions)):
            state, decision = step(state, day, settings)
            decisions.append(decision)
            folded[number] = _encode(decision)
            if number in task.wanted:
                states[number] = _encode(state)
    order = {page: number for number, page in enumerate(task.ranked)}
    return _encode(Folded(gather(task.days, decisions, order), folded, states))


def read_articles(days: Iterable[Sequence[Arrived]]) -> list[tuple[Article, ...]]:
    """The articles of some days, with what their sketches hold."""
    from digest.grouping.article import Article  # noqa: PLC0415
    from digest.grouping.forms import name_unit  # noqa: PLC0415
    from digest.grouping.terms import Sketch  # noqa: PLC0415

    decode = msgspec.msgpack.Decoder(Sketch).decode

    def read(arrived: Arrived) -> Article:
        sketch = decode(arrived.sketch)
        unit = name_unit(sketch.form, arrived.written)
        return Article(arrived.id, arrived.day, sketch.form, unit, sketch.terms, sketch.weights)

    return [tuple(map(read, day)) for day in days]


def find_copies(payload: bytes) -> bytes:
    """The copies (page to original) within stories, each an encoded list of `Signed`; encoded one by one."""
    from digest.grouping import copies  # noqa: PLC0415
    from digest.grouping.terms import Sketch  # noqa: PLC0415

    stories = msgspec.msgpack.decode(payload, type=list[bytes])
    read = msgspec.msgpack.Decoder(list[Signed]).decode
    decode = msgspec.msgpack.Decoder(Sketch).decode
    groups: list[list[str]] = []
    texts: dict[str, copies.Text] = {}
    for story in map(read, stories):
        groups.append([page.id for page in story])
        for page in story:
            texts[page.id] = copies.Text(decode(page.sketch).signature, page.source, page.hour)
    found = copies.find_copies(groups, texts)
    return _encode([_encode({page: found[page] for page in group if page in found}) for group in groups])

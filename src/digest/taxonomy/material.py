"""What a story is told from: all that a telling depends on, and nothing else."""

from __future__ import annotations

from msgspec import Struct

from digest.model import Lang


class Item(Struct, frozen=True, gc=False, array_like=True):
    """A page of a story: its id, outlet, headline and day (empty where undated), the language, lead and
    opening of its newest version, and whether that is `bare` of running text."""

    id: str
    source: str
    title: str
    day: str
    lang: Lang
    lead: str
    excerpt: str
    bare: bool


class Material(Struct, frozen=True, gc=False, array_like=True):
    """A story before it is told: `items` ordered by moment, undated ones first. By their numbers, `events`
    part them all, `pinned` are those whose events are key events, and `copies` those that repeat the text
    of an earlier one."""

    items: tuple[Item, ...]
    events: tuple[tuple[int, ...], ...]
    pinned: tuple[int, ...] = ()
    copies: tuple[int, ...] = ()

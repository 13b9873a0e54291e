"""What stands at the address of an article that was taken down: that it was, since when, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.renderer.dates import day_namer
from digest.renderer.directory import href_of
from digest.renderer.job import Job
from digest.renderer.views import TombstoneView
from digest.text.script import tell_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.renderer.directory import Directory


def plan_tombstones(directory: Directory) -> Iterator[Job]:
    """A page for each article that was taken down. No page links to it, and no list has it."""
    name = day_namer(directory.language)
    for stone in directory.digest.tombstones:
        view = TombstoneView(
            href=href_of(stone.url),
            title=directory.words.removed,
            day=stone.day,
            label=name(stone.day) if stone.day else "",
            reason=stone.reason,
            lang=directory.lang(tell_language(stone.reason)) if stone.reason else "",
        )
        yield Job(stone.url, "tombstone.html", view, (), stone.path)

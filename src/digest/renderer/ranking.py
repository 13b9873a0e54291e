"""Which stories come first: those that many outlets tell now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.model import Thread
    from digest.renderer.directory import Directory

WINDOW = 7
"""Days, the day of `Digest.now` with them, that make a story current."""


def rank_threads(directory: Directory) -> list[Thread]:
    """All stories, the most widely and most recently told first; then by their latest day, their
    size, their id."""
    threads = sorted(directory.digest.threads, key=lambda thread: thread.id)
    scores = {thread.id: _score(directory, thread) for thread in threads}
    threads.sort(key=lambda thread: (scores[thread.id], thread.last, len(thread.members)), reverse=True)
    return threads


def _score(directory: Directory, thread: Thread) -> float:
    """The outlets that told the story within the window, each once: one for an outlet that told it
    today, half for one that last told it yesterday, a quarter for the day before, and so on. Powers
    of two add up exactly, in any order."""
    if not directory.today or not thread.last:
        return 0.0
    newest = date.fromisoformat(directory.today)
    oldest = (newest - timedelta(days=WINDOW - 1)).isoformat()
    if thread.last < oldest:
        return 0.0
    told: dict[str, str] = {}
    for page_id in reversed(thread.members):
        day = directory.day_of(page_id)
        if day < oldest:
            break
        told.setdefault(directory.pages[page_id].source, day)
    return sum(0.5 ** max(0, (newest - date.fromisoformat(day)).days) for day in told.values())

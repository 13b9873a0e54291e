"""Waits for changes below a site's folders, many at once counting as one."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from digest.serve.places import Places, real_path

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

QUIET_SECONDS = 0.03
"""Silence after which one save is told: an editor's renaming and writing takes a few milliseconds."""

POLL_SECONDS = 1.0
"""Between looks at the folders, where the system has no watches left."""

MANY = 500
"""Paths beyond which a burst is told as a change of all places."""

_SEVERAL, _LONGER_QUIET = 8, 0.25  # paths that no editor saves at once, and the silence that ends these
_LONGEST_BURST = 5.0  # seconds: a folder that never rests must not hold up the rebuild for ever
_STEP = 0.1  # seconds between looks at the stop signal
_KINDS = frozenset({"created", "modified", "moved", "deleted", "closed"})
# Not that a file was opened or read: a build reads them all, and to be told of that takes it twice as long.
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent, DirDeletedEvent, DirMovedEvent,
    FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent,
]  # fmt: skip


class Watch(FileSystemEventHandler):
    """Collects changes on threads of its own, from `follow` on; `close` ends them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paths: set[str] = set()
        self._first = self._last = 0.0
        self._stale = False
        self._asked: tuple[tuple[Path, ...], ...] = ()
        self._places = Places(frozenset(), ())
        self._observer: BaseObserver | None = None

    @property
    def places(self) -> Places:
        """What is watched now."""
        return self._places

    def follow(self, files: Iterable[Path], trees: Iterable[Path], without: Iterable[Path] = ()) -> bool:
        """Watches these places from now on instead of those before. False where nothing had to be
        done; else what happened meanwhile may have escaped."""
        asked = (tuple(files), tuple(trees), tuple(without))
        if asked == self._asked and not self._stale:
            return False
        self._asked, self._stale = asked, False
        self._stop_observer()
        self._places = Places.of(*asked)
        self._observer = self._start(Observer()) or self._start(PollingObserver(timeout=POLL_SECONDS))
        return True

    def wait(self, stop: threading.Event, seconds: float = math.inf) -> frozenset[str] | None:
        """Blocks until something changed and rest has come; None if `stop` was set before.

        Returns the paths that changed, came or went. Of a folder all below it may have changed. There
        are none where nothing has happened for so many `seconds`.
        """
        end = time.monotonic() + seconds
        with self._changed:
            while not stop.is_set():
                if not self._paths and time.monotonic() >= end:
                    return frozenset()
                left = self._seconds_left()
                if left <= 0:
                    paths, self._paths = self._paths, set()
                    if len(paths) > MANY:
                        return self._places.roots
                    return frozenset(map(self._places.name, paths))
                self._changed.wait(max(0.0, min(left, _STEP, end - time.monotonic())))
        return None

    def _seconds_left(self) -> float:
        if not self._paths:
            return _STEP
        quiet = QUIET_SECONDS if len(self._paths) <= _SEVERAL else _LONGER_QUIET
        return min(self._last + quiet, self._first + _LONGEST_BURST) - time.monotonic()

    def close(self) -> None:
        """Ends the watching."""
        self._stop_observer()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by the observer's thread for each event."""
        if event.event_type not in _KINDS or (event.is_directory and event.event_type == "modified"):
            return
        named = (real_path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path)
        paths = [path for path in named if self._places.concern(path)]
        if not paths:
            return
        with self._changed:
            self._last = time.monotonic()
            if not self._paths:
                self._first = self._last
                self._changed.notify_all()
            self._paths.update(paths)
            self._stale = self._stale or any(map(self._asks_for_new_watches, paths))

    def _asks_for_new_watches(self, path: str) -> bool:
        """Whether a place came or went, or a symbolic link did."""
        places = self._places
        is_place = path in places.trees or any(tree.startswith(path + os.sep) for tree in places.trees)
        return is_place or Path(path).is_symlink() or (path in places.files and not Path(path).exists())

    def _start(self, observer: BaseObserver) -> BaseObserver | None:
        trees = [tree for tree in self._places.trees if Path(tree).is_dir()]
        around = dict.fromkeys(_nearest_folder(path) for path in (*self._places.files, *self._places.trees))
        try:
            for tree in trees:
                observer.schedule(self, tree, recursive=True, event_filter=_EVENTS)
            for folder in around:
                if folder not in trees:
                    observer.schedule(self, folder, recursive=False, event_filter=_EVENTS)
            observer.start()
        except OSError:  # the system has no watches left, or a folder went: the caller falls back to polling
            observer.unschedule_all()
            return None
        return observer

    def _stop_observer(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None


def _nearest_folder(path: str) -> str:
    """The folder that `path` lies in, or the nearest above it that is there."""
    return next(str(folder) for folder in Path(path).parents if folder.is_dir())

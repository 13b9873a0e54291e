"""Waits for changes below a site's folders, many at once counting as one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

QUIET_SECONDS = 0.15
"""Silence that ends a burst of changes."""

POLL_SECONDS = 1.0
"""Between looks at the folders, where the system has no watches left."""

_LONGEST_BURST = 5.0  # seconds: a folder that never rests must not hold up the rebuild for ever
_STEP = 0.1  # seconds between looks at the stop signal
_KINDS = frozenset({"created", "modified", "moved", "deleted", "closed"})


class Places(NamedTuple):
    """What is watched: files, and folders with all below them but what is hidden (`.git`)."""

    files: tuple[str, ...]
    trees: tuple[str, ...]

    @classmethod
    def of(cls, files: Iterable[Path], trees: Iterable[Path]) -> Places:
        """The places without repetition, under the names events tell them by."""
        # Where a folder is a symbolic link, the link may change as well as what it leads to.
        trees = tuple(trees)
        links = (path for path in trees if path.is_symlink())
        return cls(
            tuple(dict.fromkeys(_real(str(path)) for path in (*files, *links))),
            tuple(dict.fromkeys(os.path.realpath(path) for path in trees)),
        )

    def concern(self, path: str) -> bool:
        """Whether a change of `path` counts."""
        if path in self.files or path in self.trees:
            return True
        hidden = os.sep + "."
        return any(_is_below(path, tree) and hidden not in path[len(tree) :] for tree in self.trees)


class Watch(FileSystemEventHandler):
    """Collects changes on threads of its own, from `follow` on; `close` ends them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._first = self._last = 0.0
        self._stale = True
        self._places = Places((), ())
        self._observer: BaseObserver | None = None

    def follow(self, places: Places) -> None:
        """Watches these places from now on instead of those before."""
        if places == self._places and not self._stale:
            return
        self._places, self._stale = places, False
        self._stop_observer()
        self._observer = self._start(Observer()) or self._start(PollingObserver(timeout=POLL_SECONDS))

    def wait(self, stop: threading.Event) -> bool:
        """Blocks until something changed and rest has come; False if `stop` was set before."""
        with self._changed:
            while not stop.is_set():
                now = time.monotonic()
                if self._first and (now - self._last >= QUIET_SECONDS or now - self._first >= _LONGEST_BURST):
                    self._first = 0.0
                    return True
                self._changed.wait(_STEP)
        return False

    def close(self) -> None:
        """Ends the watching."""
        self._stop_observer()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by the observer's thread for each event."""
        if event.event_type not in _KINDS or (event.is_directory and event.event_type == "modified"):
            return
        paths = [_real(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path]
        if not any(self._places.concern(path) for path in paths):
            return
        with self._changed:
            self._last = time.monotonic()
            self._first = self._first or self._last
            # A folder that came or went needs a new watch.
            self._stale = self._stale or any(path in self._places.trees for path in paths)
            self._changed.notify_all()

    def _start(self, observer: BaseObserver) -> BaseObserver | None:
        for tree in self._places.trees:
            if Path(tree).is_dir():
                observer.schedule(self, tree, recursive=True)
        around = (os.path.dirname(path) for path in (*self._places.files, *self._places.trees))  # noqa: PTH120
        for folder in dict.fromkeys(around):
            if Path(folder).is_dir():
                observer.schedule(self, folder, recursive=False)
        try:
            observer.start()
        except OSError:  # the system has no watches left: the caller falls back to polling
            observer.unschedule_all()
            return None
        return observer

    def _stop_observer(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()
            self._observer = None


def _real(path: str) -> str:
    # Of a symbolic link it is the link itself that changes.
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - tens of thousands at once
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder + os.sep)

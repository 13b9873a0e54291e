"""A crew of worker processes: bytes in, bytes out, in the order they finish.

Tasks are planned while others run, and at most two wait for each worker, so a
long plan never piles up in memory. With one worker everything happens here, in
this process. Workers are forked where the platform forks safely and the caller
runs no threads; else spawned.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import traceback
from collections import deque
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

import msgspec

from digest.errors import DigestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess, SpawnProcess

_IN_FLIGHT = 2
_STOP, _HINT, _DONE, _FAILED = b"!", b"~", b"+", b"-"
T = TypeVar("T")


class Worker(Protocol):
    """What a worker does: answers a task's payload under the task's name."""

    def work(self, name: str, payload: bytes) -> bytes:
        """Do the task called `name`."""

    def close(self) -> None:
        """Close what is open; no more tasks will come."""


class CrewError(RuntimeError):
    """A bug in a worker; carries the worker's traceback."""


def count_cores() -> int:
    """The number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Whether forking is safe on this platform; on macOS system libraries may not survive it."""
    return sys.platform not in ("win32", "darwin")


class Crew:
    """`count` workers made by `hire(argument)`; use as a context manager.

    `hire` is called in each process, so where workers are spawned it must be a module-level function.
    """

    def __init__(
        self, count: int, hire: Callable[[bytes], Worker], argument: bytes, *, forks: bool = True
    ) -> None:
        self._hire, self._argument = hire, argument
        self._count = max(1, count)
        self._local: Worker | None = None
        self._connections: list[Connection] = []
        self._processes: list[ForkProcess | SpawnProcess] = []
        if self._count > 1:
            self._start(forks=forks and can_fork())

    def _start(self, *, forks: bool) -> None:
        import multiprocessing  # noqa: PLC0415 - 15 ms that a build by one process does without

        gc.collect()
        gc.freeze()  # so that a collection in a child does not touch, and copy, what it inherits
        for _ in range(self._count):
            ours, theirs = multiprocessing.Pipe()
            arguments = (theirs, self._hire, self._argument)
            process: ForkProcess | SpawnProcess
            if forks:
                process = multiprocessing.get_context("fork").Process(
                    target=_serve, args=arguments, daemon=True
                )
            else:
                process = multiprocessing.get_context("spawn").Process(
                    target=_serve, args=arguments, daemon=True
                )
            process.start()
            theirs.close()
            self._connections.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all workers."""
        if self._local is not None:
            self._local.close()
        for connection in self._connections:
            # Closing alone would not be noticed: a forked worker also holds its elders' pipes.
            with suppress(OSError):
                connection.send_bytes(_STOP)
            connection.close()
        for process in self._processes:
            process.join(timeout=5)
            if process.is_alive():
                process.terminate()

    def hint(self, name: str, *, most: int | None = None) -> None:
        """Lets worker processes (`most` of them, else all) do something useful while they would be
        idle; nothing is awaited."""
        for connection in self._connections[:most]:
            connection.send_bytes(_HINT + name.encode() + b":")

    def begin(self, name: str, payload: bytes) -> Callable[[], bytes]:
        """Gives one worker a task, while this process goes on; what is returned waits for the answer. It must
        be asked for before any batches are run. Without worker processes it is done only then."""
        if not self._connections:
            self._local = local = self._local or self._hire(self._argument)
            return lambda: local.work(name, payload)
        first = self._connections[0]
        first.send_bytes(name.encode() + b":" + payload)
        return lambda: _receive(first)

    def run_batches(
        self, name: str, batches: Iterable[list[T]], pick: Callable[[T], object] = lambda item: item
    ) -> Iterator[tuple[list[T], bytes]]:
        """Each batch with its answer, in the order they arrive. What `pick` takes of each item goes
        to the worker, as msgpack. Raises a worker's `DigestError` here."""
        encoder = msgspec.msgpack.Encoder()

        def encode(batch: list[T]) -> bytes:
            return encoder.encode([pick(item) for item in batch])

        if not self._connections:
            self._local = self._local or self._hire(self._argument)
            for batch in batches:
                yield batch, self._local.work(name, encode(batch))
            return
        from multiprocessing.connection import wait  # noqa: PLC0415

        waiting: dict[Connection, deque[list[T]]] = {c: deque() for c in self._connections}
        tasks = iter(batches)
        while True:
            for idle in [c for c in waiting for _ in range(_IN_FLIGHT - len(waiting[c]))]:
                task = next(tasks, None)
                if task is None:
                    break
                idle.send_bytes(name.encode() + b":" + encode(task))
                waiting[idle].append(task)
            busy = [c for c in waiting if waiting[c]]
            if not busy:
                return
            ready = wait(busy)
            for connection in (c for c in busy if c in ready):
                answer = _receive(connection)
                yield waiting[connection].popleft(), answer


def _receive(connection: Connection) -> bytes:
    try:
        answer = connection.recv_bytes()
    except EOFError:
        raise CrewError("a worker process died (out of memory, or killed)") from None
    outcome, value = answer[:1], answer[1:]
    if outcome == _DONE:
        return value
    error: DigestError | str = pickle.loads(value)  # noqa: S301 - from our own child
    if isinstance(error, DigestError):
        raise error
    raise CrewError(f"in a worker process:\n{error}")


def _serve(connection: Connection, hire: Callable[[bytes], Worker], argument: bytes) -> None:
    gc.disable()  # short-lived, and nothing here makes cycles
    tasks: SimpleQueue[bytes] = SimpleQueue()
    # Tasks are taken in while one is done: else a large task and a large answer, each
    # filling its pipe, would wait for one another for ever.
    Thread(target=_take_in, args=(connection, tasks), daemon=True).start()
    try:
        worker = hire(argument)
        while (task := tasks.get()) != _STOP:
            name, _, payload = task.partition(b":")
            if name.startswith(_HINT):
                with suppress(Exception):  # what fails now will fail again, and be told, when it is asked for
                    worker.work(name[1:].decode(), payload)
                continue
            try:
                connection.send_bytes(_DONE + worker.work(name.decode(), payload))
            except DigestError as error:
                connection.send_bytes(_FAILED + pickle.dumps(error))
            except Exception:  # noqa: BLE001 - a bug: its traceback goes to the parent, whole
                connection.send_bytes(_FAILED + pickle.dumps(traceback.format_exc()))
    except (KeyboardInterrupt, BrokenPipeError):
        pass


def _take_in(connection: Connection, tasks: SimpleQueue[bytes]) -> None:
    task = b""
    while task != _STOP:
        try:
            task = connection.recv_bytes()
        except (EOFError, OSError):
            task = _STOP
        tasks.put(task)

"""Runs a command as a whole process and measures it: wall time, CPU time, peak memory.

Linux only: memory is read from /proc.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.02


@dataclass(frozen=True)
class Run:
    """One run: seconds of wall and CPU time (all reaped children included), and the peak
    of memory in MiB, or 0 where it was not sampled."""

    wall: float
    cpu: float
    memory: float = 0.0


def measure(
    command: Sequence[str], folder: Path, *, env: Mapping[str, str] | None = None, memory: bool = False
) -> Run:
    """Run `command` in `folder` to its end and measure it.

    With `memory` the tree of processes is sampled every 20 ms. Sampling walks the page tables of
    what it measures and takes time from it, so a run is either timed or sampled by the callers here.
    Raises RuntimeError with the command's last words where it fails.
    """
    log = folder / "run.log"
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(env or {})}, stdout=output, stderr=subprocess.STDOUT
        )
        peak = _watch(process.pid) if memory else 0.0
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = log.read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{tail}")
    log.unlink()
    return Run(wall, usage.ru_utime + usage.ru_stime, peak)


def _watch(pid: int) -> float:
    """The peak over time of the proportional set size (PSS) of `pid` and its descendants, in MiB."""
    peak = 0
    while _alive(pid):
        peak = max(peak, sum(_pss(each) for each in _tree(pid)))
        time.sleep(INTERVAL)
    return peak / 1024


def _alive(pid: int) -> bool:
    """Whether the child still runs; it is left to be waited for."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _tree(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in children.read_text("ascii").split())
            except OSError:
                continue
    return found


def _pss(pid: int) -> int:
    """KiB of a process, shared pages counted by share; 0 where it has just ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    _, _, rest = text.partition("\nPss:")
    return int(rest.split(None, 1)[0]) if rest else 0

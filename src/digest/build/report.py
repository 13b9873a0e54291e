"""What a build did, for the summary on the terminal and for `--report FILE`."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

import msgspec
from msgspec import Struct

from digest.errors import Problem

Role = Literal["page", "version", "curator", "ignored", "problem"]
"""What an input file is: a page's newest version, an older one, the curator's, or neither."""


class FileAccount(Struct, frozen=True, gc=False, rename={"role": "as"}):
    """One input file and what became of it. `page` is the id of the page it belongs to."""

    path: str
    role: Role
    page: str | None = None
    problems: tuple[Problem, ...] = ()


class BuildReport(Struct, frozen=True):
    """Counts are of files, pages and bytes; `timings` are seconds by stage.

    `tombstones` are the addresses of articles that were taken down, which are hidden too.
    `loaded` and `rendered` count the work done, not remembered: both are 0 when nothing changed.
    """

    pages: int = 0
    versions: int = 0
    curator_files: int = 0
    ignored: int = 0
    undated: int = 0
    hidden: int = 0
    threads: int = 0
    loaded: int = 0
    rendered: int = 0
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    outputs: int = 0
    output_bytes: int = 0
    problems: tuple[Problem, ...] = ()
    files: tuple[FileAccount, ...] = ()
    timings: dict[str, float] = {}
    mismatches: tuple[str, ...] = ()
    tombstones: tuple[str, ...] = ()

    def problems_by_code(self) -> tuple[tuple[str, int], ...]:
        """How many problems there are of each kind, most frequent first."""
        counts = Counter(problem.code for problem in self.problems)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> bytes:
        """The report as `--report` writes it: indented JSON in UTF-8."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        data["problems_by_code"] = dict(self.problems_by_code())
        counted = {key: data.pop(key) for key in ("timings", "problems_by_code", "problems", "files")}
        return msgspec.json.format(msgspec.json.encode({**data, **counted}), indent=1) + b"\n"

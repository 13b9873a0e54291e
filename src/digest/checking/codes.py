"""The table of codes: how severe each is, what it means, what to do. It lies beside, in `codes.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""Worst first: what a visitor meets or a host refuses; what somebody should mend; what is good to know."""

Origin = Literal["output", "archive", "build", "config"]


class Code(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of finding. `origin` is who finds it: the check of the output or of the archive, the
    build, or the reading of `site.toml`."""

    severity: Severity
    origin: Origin
    summary: str
    meaning: str
    remedy: str


@lru_cache(maxsize=1)
def read_codes() -> Mapping[str, Code]:
    """All codes, in the order of the file."""
    table = tomllib.loads((Path(__file__).parent / "codes.toml").read_text("utf-8"))
    return msgspec.convert(table, dict[str, Code])


def severity_of(code: str) -> Severity:
    """How severe a code is; one that the table lacks is a warning."""
    known = read_codes().get(code)
    return known.severity if known else "warning"


def explain(code: str) -> str:
    """A code explained. Raises KeyError where there is none."""
    known = read_codes()[code]
    return f"{code} ({known.severity}): {known.summary}\n\n{known.meaning}\n\n{known.remedy}\n"

"""`digest check`: what is wrong with a built site and with its archive.

    output files ──judge_file──▶ Judged ──judge_site──▶ Findings     (pure, in parallel by file)
    texts        ──read_text──▶ Marks ──judge_archive──▶ Findings    (pure, in parallel by text)

Only `run`, `desk` and `codes` touch the disk. `codes.toml` explains every code there is, those of the build's
problems too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.build.report import BuildReport
    from digest.config import SiteConfig


def find_errors(config: SiteConfig, report: BuildReport) -> Sequence[str]:
    """For who publishes: a line for every finding for which `digest check` would fail, of the site that
    was built just now. Nothing that stands in `check.ignore`; empty where the site may be published."""
    from digest.checking import run  # noqa: PLC0415 - a build's worth of imports

    return [
        f"{finding.path}: {finding.message} [{finding.code}]" for finding in run.find_errors(config, report)
    ]

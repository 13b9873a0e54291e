"""Options that several commands have, and what they share of the surroundings."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

FolderPath = click.Path(path_type=Path)

site_option = click.option(
    "--site",
    type=FolderPath,
    default=Path(),
    show_default="the current folder",
    help="The site's folder, which holds site.toml.",
)
content_option = click.option(
    "--content", "content", type=FolderPath, multiple=True,
    help="A content folder instead of the configured ones; may be given several times.",
)  # fmt: skip
url_option = click.option(
    "--url", metavar="URL", help="Where the site will be published, instead of what site.toml says."
)
workers_option = click.option(
    "--workers", type=click.IntRange(min=1), help="Worker processes (default: one a core)."
)


def read_now() -> datetime | None:
    """The moment that SOURCE_DATE_EPOCH names. Raises UsageError where it names none."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return None
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise click.UsageError(f"SOURCE_DATE_EPOCH is {epoch!r} (expected seconds since 1970)") from None

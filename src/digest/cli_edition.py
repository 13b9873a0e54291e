"""What the commands of `digest threads` work on: the edition, and the stories in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.cli_options import content_option, read_now, site_option, workers_option
from digest.config import load_config

if TYPE_CHECKING:
    from digest.build.accounts import Edition
    from digest.build.store import Store
    from digest.config import SiteConfig
    from digest.curation.stories import Stories
    from digest.model import Grouping


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say where the site is and how it is read."""
    return site_option(content_option(workers_option(command)))


@contextmanager
def open_edition(
    site: Path, content: tuple[Path, ...], workers: int | None
) -> Iterator[tuple[SiteConfig, Edition, Store]]:
    """The site's configuration, its edition as a build would have it, and the open store."""
    from digest.build.pipeline import read_edition  # noqa: PLC0415 - not for --help

    config = load_config(site, content=content)
    with read_edition(config, workers=workers, now=read_now()) as (edition, store):
        yield config, edition, store


def machine_stories(edition: Edition) -> Grouping:
    """The stories the machine found, before the editor's files."""
    return edition.grouping


def find_stories(config: SiteConfig, edition: Edition) -> Stories:
    """The stories of an edition with the editor's files for them."""
    from digest.build.scan import read  # noqa: PLC0415
    from digest.curation.stories import gather_stories  # noqa: PLC0415
    from digest.model import SourceFile  # noqa: PLC0415

    files = [(found.path, read(found)) for found in edition.files if found.kind == "curator"]
    curated = [SourceFile(path, data) for path, data in files if isinstance(data, bytes)]
    return gather_stories(edition.digest, machine_stories(edition), curated, config.profiles)

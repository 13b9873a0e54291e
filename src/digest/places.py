"""Where things stand in a site's folders: the curator's own files, and the theme."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.config import SiteConfig

FILE_NAME = "site.toml"

_CURATED = re.compile(
    r"(?:(?:pages|editions|threads)/[^/]+\.(?:md|markdown)|(?:corrections|takedown)\.toml)\Z", re.S
)


def is_curator_path(path: str) -> bool:
    """Whether a path relative to the content folder is a file the curator wrote: Markdown in
    `pages/`, `editions/` or `threads/`, or `corrections.toml` or `takedown.toml`."""
    return _CURATED.match(path) is not None


@lru_cache(maxsize=1)
def packaged_theme() -> tuple[Path, Path]:
    """The default theme's `templates` and `static`: in the package in a wheel, at the top of a checkout."""
    package = Path(__file__).parent
    inside = package / "theme"
    root = inside if inside.is_dir() else package.parents[1]
    return root / "templates", root / "static"


def theme_folders(config: SiteConfig) -> tuple[Path, Path, Path, Path]:
    """All folders a site's theme is made of: its own templates and static, then the default ones."""
    templates, static = packaged_theme()
    return Path(config.templates), Path(config.static), templates, static


def left_out(config: SiteConfig) -> tuple[str, ...]:
    """Folders that hold no content even where they lie in a content folder."""
    return (config.output, config.templates, config.static)


def cache_folder(config: SiteConfig) -> Path | None:
    """Where the site's memo is kept: `.digest` in its folder, but never in a content folder."""
    place = Path(config.site, ".digest")
    inside = any(place.resolve().is_relative_to(Path(folder).resolve()) for folder in config.content)
    return None if inside else place

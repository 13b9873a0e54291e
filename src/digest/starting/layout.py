"""Where the articles of an existing archive lie: in a Jekyll site's `_posts`, or in any tree."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from digest.build.scan import ARTICLE_SUFFIXES
from digest.errors import ContentError, Location
from digest.folders import absolute
from digest.places import FILE_NAME
from digest.starting.jekyll import NAMES, JekyllSite, read_jekyll

_POSTS = "_posts"
_ARCHIVES = ("archived", "archive")
_LISTS = ("index.html", "index.md")
_BUILT = frozenset({"_site", "node_modules", "vendor", "public"})


class Layout(Struct, frozen=True, kw_only=True):
    """An archive as it lies there. `folders` hold its articles, as absolute paths; `left` counts, by
    suffix, the files in them that are no articles; `ignored` are patterns of what is no content there.
    `jekyll` is its configuration, where it has one."""

    root: Path
    folders: tuple[Path, ...]
    left: tuple[tuple[str, int], ...] = ()
    ignored: tuple[str, ...] = ()
    jekyll: JekyllSite | None = None


def find_layout(folder: Path) -> Layout:
    """What kind of archive `folder` is. Raises ContentError where there is none, or a site of digest's."""
    root = absolute(folder)
    if not root.is_dir():
        what = "is no folder" if root.exists() else "does not exist"
        raise ContentError(f"{what} (expected the folder of an archive)", Location(str(folder)))
    if (root / FILE_NAME).exists():
        message = f"holds a {FILE_NAME}: it is a site of digest's already"
        raise ContentError(message, Location(str(folder)), f"digest build --site {folder}")
    config = next((root / name for name in NAMES if (root / name).is_file()), None)
    if root.name == _POSTS and config is None:
        config = next((root.parent / name for name in NAMES if (root.parent / name).is_file()), None)
        folders = [root]
    else:
        folders = _posts_folders(root)
        if config or folders:
            archives = [root / name for name in _ARCHIVES if _has_articles(root / name)]
            folders += [folder for folder in archives if folder not in folders]
    if not folders:
        folders = [root / "content" if (root / "content").is_dir() else root]
    left = Counter(suffix for place in folders for suffix in _left(place))
    return Layout(
        root=root,
        folders=tuple(folders),
        ignored=_LISTS if any(f.parent == root and (f / _POSTS).is_dir() for f in folders) else (),
        left=tuple(sorted(left.items(), key=lambda item: (-item[1], item[0]))),
        jekyll=read_jekyll(config.read_text("utf-8", errors="replace")) if config else None,
    )


def _posts_folders(root: Path) -> list[Path]:
    """`_posts` of the site itself, then each folder of it that has one further down: the folders above
    `_posts` are categories, and stay in an article's path so."""
    found = [root / _POSTS] if (root / _POSTS).is_dir() else []
    for folder in sorted(p for p in root.iterdir() if p.is_dir() and _is_open(p.name)):
        for _, names, _ in os.walk(folder):
            if _POSTS in names:
                found.append(folder)
                break
            names[:] = sorted(filter(_is_open, names))
    return found


def _is_open(name: str) -> bool:
    return name[:1] not in "._" and name not in _BUILT


def _has_articles(folder: Path) -> bool:
    return any(name.endswith(ARTICLE_SUFFIXES) for _, _, names in os.walk(folder) for name in names)


def _left(folder: Path) -> Iterator[str]:
    for _, _, names in os.walk(folder):
        for name in names:
            if not name.startswith(".") and not name.lower().endswith(ARTICLE_SUFFIXES):
                yield Path(name).suffix.lower() or "without a suffix"

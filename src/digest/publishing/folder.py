"""A site copied to a folder: what changed is written, what is gone goes, nobody else's file is touched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from digest.build.output import OutputFolder, Written
from digest.publishing.changes import Changes, compare
from digest.publishing.errors import PublishError, Refusal
from digest.publishing.tree import Tree, is_within

if TYPE_CHECKING:
    from digest.config import SiteConfig


def look_at(folder: Path, config: SiteConfig, tree: Tree) -> Changes:
    """What copying would change. Raises PublishError where `folder` is no place for it, and Refusal
    where it holds what digest did not put there."""
    place = str(folder)
    if folder.exists() and not folder.is_dir():
        raise PublishError(f"{place} is a file (expected a folder)")
    for own in (config.output, config.templates, config.static, *config.content):
        if is_within(place, own):
            raise PublishError(f"{place} lies in {own}, of which the site is made")
    if is_within(config.site, place):
        raise PublishError(f"{place} holds the site's own folder (expected a folder for the copy alone)")
    there = OutputFolder(place)
    if not there.manifest_bytes and folder.is_dir() and any(folder.iterdir()):
        raise Refusal(f"{place} is not empty, and digest did not make it", hint="empty it, or name another")
    if foreign := _find_foreign(folder, there, tree):
        raise Refusal(f"{place} holds {foreign!r}, which digest did not put there", hint="remove it")
    before = {path: w.digest if there.holds(path, w.digest) else "" for path, w in there.known.items()}
    sizes = {path: w.size for path, w in there.known.items()} | {
        path: leaf.size for path, leaf in tree.items()
    }
    return compare(before, {path: leaf.digest for path, leaf in tree.items()}, sizes)


def _find_foreign(folder: Path, there: OutputFolder, tree: Tree) -> str:
    """A file of somebody else's that is in the way, or the empty string."""
    parents = {parent for path in tree for parent in PurePosixPath(path).parents[:-1]}
    for parent in sorted(map(str, parents)):
        if parent not in there.known and os.path.lexists(folder / parent) and not (folder / parent).is_dir():
            return parent
    return next((p for p in tree if p not in there.known and os.path.lexists(folder / p)), "")


def copy_to(folder: Path, tree: Tree, changes: Changes) -> None:
    """Brings the folder to the state of the tree. New files are staged first, as in a build."""
    there = OutputFolder(str(folder))
    there.prepare()
    staged: dict[str, str] = {}
    for number, path in enumerate((*changes.added, *changes.changed)):
        leaf, staged[path] = tree[path], f"{there.staging}/{number}"
        if leaf.place:
            shutil.copyfile(leaf.place, staged[path])
        else:
            Path(staged[path]).write_bytes(leaf.data)
    there.commit(staged, {path: Written(leaf.digest, leaf.size) for path, leaf in tree.items()})

"""What a preview watches: which paths on disk ask for a build, and by what name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

# What editors put beside a file while they save it: backups (a.md~), Emacs's autosaves (#a.md#), the file
# by which vim tries whether it may write (4913), swap files, JetBrains's and other temporary copies.
_EDITORS_OWN = re.compile(
    r".*~|#.*#|4913|.*\.sw[a-px]|.*___jb_(?:tmp|old|bak)___|.*\.(?:tmp|bak|orig|part|crswap)"
)


class Places(NamedTuple):
    """What is watched: files, and folders with all below them but what is hidden (`.git`).

    Paths are those the system tells events by, without symbolic links. `names` leads from such
    a folder or file to the path it was given by, where that is another. `without` are folders below
    the trees that are left out.
    """

    files: frozenset[str]
    trees: tuple[str, ...]
    names: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()

    @classmethod
    def of(cls, files: Iterable[Path], trees: Iterable[Path], without: Iterable[Path] = ()) -> Places:
        """The places without repetition; what symbolic links in the trees lead to is added."""
        given = [str(tree) for tree in trees]
        left_out = tuple(os.path.realpath(folder) for folder in without)
        single = {_real(str(file)): str(file) for file in files}
        # Where a folder is a symbolic link, the link may change as well as what it leads to.
        single |= {_real(tree): tree for tree in given if Path(tree).is_symlink()}
        whole: dict[str, str] = {}
        waiting = given[::-1]
        while waiting:
            tree = waiting.pop()
            real = os.path.realpath(tree)
            if real in whole or any(_is_below(real, known) for known in whole):
                continue
            whole[real] = tree
            for link in _find_links(tree, left_out):
                if Path(link).is_dir():
                    waiting.append(link)
                else:
                    single[os.path.realpath(link)] = link
        names = {real: name for real, name in (*single.items(), *whole.items()) if real != name}
        return cls(frozenset(single), tuple(whole), tuple(sorted(names.items(), reverse=True)), left_out)

    @property
    def roots(self) -> frozenset[str]:
        """All places by the names they were given by: what may have changed where nothing is known."""
        names = dict(self.names)
        return frozenset(names.get(path, path) for path in (*self.files, *self.trees))

    def concern(self, path: str) -> bool:
        """Whether a change of `path` counts. Of a folder above a place it does: the place came or went."""
        if path in self.files or path in self.trees:
            return True
        if _EDITORS_OWN.fullmatch(os.path.basename(path)):  # noqa: PTH119 - tens of thousands at once
            return False
        hidden = os.sep + "."
        for tree in self.trees:
            if _is_below(path, tree) and hidden not in path[len(tree) :]:
                return not any(path == folder or _is_below(path, folder) for folder in self.without)
        return any(_is_below(place, path) for place in (*self.trees, *self.files))

    def name(self, path: str) -> str:
        """`path` as the site knows it: through the symbolic links that lead to it."""
        for real, name in self.names:
            if path == real or _is_below(path, real):
                return name + path[len(real) :]
        return path


def real_path(path: str) -> str:
    """`path` as events tell it. Of a symbolic link it is the link itself that changes."""
    return _real(path)


def _real(path: str) -> str:
    folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - tens of thousands at once
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def _find_links(folder: str, without: tuple[str, ...]) -> Iterator[str]:
    """The symbolic links below `folder`, hidden ones aside."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            yield entry.path
        elif entry.is_dir(follow_symlinks=False) and os.path.realpath(entry.path) not in without:
            yield from _find_links(entry.path, without)

"""What a remembered result depends on besides its argument: our code, the data files
shipped with it, and the libraries whose output it holds."""

from __future__ import annotations

import os
import sys
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PACKAGE = Path(__file__).parents[1]

LOAD = (
    "errors.py", "model.py", "ids.py", "permalinks.py", "text", "sources", "loaders", "taxonomy",
    "build/desk.py", "grouping/terms.py", "grouping/weights.py", "grouping/weights.tsv", "grouping/forms.py",
    "grouping/forms.toml", "grouping/copies.py",
)  # fmt: skip
GROUP = ("model.py", "text", "grouping", "build/grouping.py", "build/stories.py")
TELL = ("model.py", "text", "taxonomy")
RENDER = ("errors.py", "model.py", "ids.py", "renderer", "build/desk.py")
EVERYTHING = (".",)

_LIBRARIES = frozenset({
    "beautifulsoup4", "jinja2", "lxml", "markdown_it_py", "markupsafe", "mdit_py_plugins", "msgspec",
    "nh3", "numpy", "opencc", "python_frontmatter", "pyyaml", "rjieba", "scipy", "selectolax",
    "soupsieve", "tzdata",
})  # fmt: skip


def digest_of(*parts: bytes) -> bytes:
    """16 bytes of BLAKE2b over the parts, each with its length, so that no two lists collide."""
    state = blake2b(digest_size=16)
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)
    return state.digest()


def tree_digest(folders: Iterable[Path]) -> bytes:
    """Digest over the names and bytes of all files below the folders. Absent folders count as empty."""
    state = blake2b(digest_size=16)
    for number, folder in enumerate(folders):
        for path in _files_below(folder):
            name = f"{number}/{path.relative_to(folder).as_posix()}".encode("utf-8", "surrogateescape")
            state.update(digest_of(name, path.read_bytes()))
    return state.digest()


def _files_below(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return sorted(
        Path(parent, name)
        for parent, folders, names in os.walk(folder)
        for name in names
        if "__pycache__" not in parent and Path(parent, name).is_file()
    )


@lru_cache(maxsize=8)
def code_digest(parts: tuple[str, ...]) -> bytes:
    """Digest over the named files and folders of this package and its libraries' versions."""
    sources = blake2b(digest_size=16)
    for part in parts:
        place = _PACKAGE / part
        for path in _files_below(place):
            if path.suffix in (".py", ".toml", ".tsv", ".txt", ".json"):
                sources.update(digest_of(path.relative_to(_PACKAGE).as_posix().encode(), path.read_bytes()))
    return digest_of(sources.digest(), _environment())


@lru_cache(maxsize=1)
def _environment() -> bytes:
    # The names of the installed *.dist-info folders tell the versions; reading them through
    # importlib.metadata costs 20 ms on every run.
    found = set()
    for entry in sys.path:
        try:
            names = os.listdir(entry or ".")  # noqa: PTH208 - names are all we need
        except OSError:
            continue
        for name in names:
            if name.endswith(".dist-info") and name.rsplit("-", 2)[0].lower() in _LIBRARIES:
                found.add(name)
    python = f"{sys.version_info[0]}.{sys.version_info[1]}|{unicodedata.unidata_version}"
    return digest_of(python.encode(), *(name.encode() for name in sorted(found)))

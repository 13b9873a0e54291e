"""Walks the content folders. Finds every file once, and says what it is for."""

from __future__ import annotations

import os
from fnmatch import translate
from hashlib import blake2b
from pathlib import Path
from re import compile as compile_regex
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from digest.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Kind = Literal["article", "curator", "asset", "ignored", "problem"]

ARTICLE_SUFFIXES = (".md", ".markdown", ".html", ".htm", ".txt")
NOTHING = blake2b(b"", digest_size=16).digest()
_BINARY = getattr(os, "O_BINARY", 0)  # Windows
LARGEST = 20 * 1024 * 1024
"""Bytes beyond which a file is no article (the largest real one has 679 kB)."""


class Found(Struct, frozen=True, gc=False):
    """A file of the content folders. `path` is how it is shown and known (relative, with `/`);
    `place` is where it lies on disk."""

    path: str
    place: str
    kind: Kind
    problem: Problem | None = None


def scan(
    folders: Sequence[str],
    ignore: Sequence[str],
    is_curator_path: Callable[[str], bool],
    left_out: Sequence[str] = (),
) -> tuple[Found, ...]:
    """All files below the content folders but not below `left_out`, ordered by path.

    Where there are several folders, the folder's name stands before the path. Folders whose
    name starts with a dot are left out; ignore globs match the relative path or the file name.
    """
    skips = _compile_globs(ignore)
    found: list[Found] = []
    names = name_folders(folders)
    for folder, prefix in zip(folders, names, strict=True):
        for path, entry in _walk(
            folder, prefix, {os.path.realpath(folder), *map(os.path.realpath, left_out)}
        ):
            relative = path[len(prefix) :]
            name = relative.rsplit("/", 1)[-1]
            if name.startswith(".") or skips(relative) or skips(name):
                found.append(Found(path, entry.path, "ignored"))
            else:
                found.append(_judge(path, relative, entry, is_curator_path))
    return tuple(sorted(found, key=lambda f: f.path))


def name_folders(folders: Sequence[str]) -> list[str]:
    """What stands before the paths of each content folder's files: nothing where there is one folder."""
    if len(folders) == 1:
        return [""]
    names = [Path(folder).name for folder in folders]
    return [
        f"{name}/" if names.count(name) == 1 else f"{name}-{number}/"
        for number, name in enumerate(names, start=1)
    ]


def _compile_globs(globs: Sequence[str]) -> Callable[[str], bool]:
    if not globs:
        return lambda _: False
    # A `**/` also stands for no folder at all, as in .gitignore.
    wanted = [variant for g in globs for variant in {g, g.replace("**/", "")}]
    pattern = compile_regex("|".join(f"(?:{translate(g)})" for g in sorted(wanted)))
    return lambda path: pattern.match(path) is not None


def _walk(folder: str, prefix: str, seen: set[str]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        path = prefix + _printable(entry.name)
        try:
            is_folder = entry.is_dir()
        except OSError:
            is_folder = False
        if not is_folder:
            yield path, entry
            continue
        if entry.name.startswith("."):
            continue
        if path.endswith(ARTICLE_SUFFIXES):
            yield path, entry
        real = os.path.realpath(entry.path)
        if real in seen:
            continue
        seen.add(real)
        yield from _walk(entry.path, f"{path}/", seen)


def _printable(name: str) -> str:
    # A name that is not UTF-8 arrives with lone surrogates, which nothing downstream can encode.
    return (
        name
        if name.isascii()
        else name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    )


def _judge(
    path: str, relative: str, entry: os.DirEntry[str], is_curator_path: Callable[[str], bool]
) -> Found:
    kind: Kind = "asset"
    if is_curator_path(relative):
        kind = "curator"
    elif relative.lower().endswith(ARTICLE_SUFFIXES):
        kind = "article"
    trouble = _trouble(path, entry) if kind != "asset" else None
    return Found(path, entry.path, "problem" if trouble else kind, trouble)


def _trouble(path: str, entry: os.DirEntry[str]) -> Problem | None:
    try:
        if entry.is_file():
            return None  # size is judged when it is read
        if entry.is_dir():
            return Problem(
                "not-a-file", "is a folder with an article's name (expected a file); read what is in it", path
            )
        if entry.is_symlink():
            return Problem(
                "broken-link",
                f"symbolic link to {str(Path(entry.path).readlink())!r}, which is not there; left out",
                path,
            )
    except OSError as error:
        return Problem("unreadable", f"cannot be read: {error.strerror}; left out", path)
    return Problem("not-a-file", "is no regular file (expected text); left out", path)


def read(found: Found) -> bytes | Problem:
    """The bytes of a file, or why it can't be an article."""
    try:
        file = os.open(found.place, os.O_RDONLY | _BINARY)  # a third of what a Python file object costs
        try:
            size = os.fstat(file).st_size
            if size <= LARGEST:
                data = os.read(file, size + 1)
                # One more read tells that nothing was left; a growing file gives what it has by now.
                while chunk := os.read(file, size + 1):
                    data += chunk
                return data
        finally:
            os.close(file)
    except OSError as error:
        return Problem("unreadable", f"cannot be read: {error.strerror}; left out", found.path)
    return Problem(
        "too-large",
        f"is larger than {LARGEST // 2**20} MB (expected an article's text); left out",
        found.path,
    )


def hash_file(found: Found) -> bytes:
    """16 bytes of BLAKE2b over a file's bytes; of nothing where it can't be read."""
    data = read(found)
    return blake2b(data if isinstance(data, bytes) else b"", digest_size=16).digest()

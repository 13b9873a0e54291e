"""A site as one archive, in the form that static hosts take as an upload.

Paths are relative to the site's root, all are plain files and folders with the usual rights, and
nothing tells when or by whom it was made: the same site gives the same bytes.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from digest.publishing.errors import PublishError
from digest.publishing.tree import Tree

SUFFIXES = (".tar.gz", ".tgz", ".tar")


def is_archive(name: str) -> bool:
    """Whether a path names an archive, by its ending."""
    return name.lower().endswith(SUFFIXES)


def write_archive(place: Path, tree: Tree) -> int:
    """Writes the archive, compressed where its name says so, and gives its size in bytes. Raises
    PublishError where it cannot be written; an older archive then stays."""
    temporary = place.with_name(f".{place.name}.part")
    try:
        with temporary.open("wb") as stream, _compressed(stream, place) as inner:
            _write_members(inner, tree)
        temporary.replace(place)
        return place.stat().st_size
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise PublishError(f"cannot write {place}: {error.strerror}") from error


@contextmanager
def _compressed(stream: IO[bytes], place: Path) -> Iterator[IO[bytes]]:
    if place.name.lower().endswith(".tar"):
        yield stream
        return
    with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=stream, mtime=0) as packed:
        yield cast("IO[bytes]", packed)


def _write_members(stream: IO[bytes], tree: Tree) -> None:
    made: set[str] = set()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, leaf in sorted(tree.items()):
            for folder in reversed(PurePosixPath(path).parents[:-1]):
                if (name := str(folder)) not in made:
                    made.add(name)
                    archive.addfile(_member(name, tarfile.DIRTYPE, 0o755, 0))
            data = leaf.read()
            archive.addfile(_member(path, tarfile.REGTYPE, 0o644, len(data)), io.BytesIO(data))


def _member(name: str, kind: bytes, mode: int, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.mode, member.size = kind, mode, size
    return member

"""The output folder: what lies there, what is written, what goes.

New bytes are first staged beside the site and moved into place only when the whole
build has succeeded, so a failing build leaves the last good site as it was. What may
be pruned is told by a manifest in the output folder itself, never by guessing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct

MANIFEST = ".digest-manifest"
STAGING = ".digest-staging"


class Written(Struct, frozen=True, gc=False):
    """An output: digest (hexadecimal, 16 bytes of BLAKE2b) and size in bytes."""

    digest: str
    size: int


def digest_bytes(data: bytes) -> str:
    """The digest under which an output is known."""
    return blake2b(data, digest_size=16).hexdigest()


def path_of(url: str) -> str:
    """The output path of a URL: relative, with `index.html` for a folder."""
    return (url + "index.html" if url.endswith("/") else url).lstrip("/")


class OutputFolder:
    """One output folder during one build. New bytes wait in its `staging` folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.staging = f"{folder}/{STAGING}"
        self.manifest_bytes = self._read_manifest()
        self.known = _parse_manifest(self.manifest_bytes)
        self._sizes = _list_sizes(folder) if self.known else {}

    def _read_manifest(self) -> bytes:
        try:
            return Path(self.folder, MANIFEST).read_bytes()
        except OSError:
            return b""

    def holds(self, path: str, digest: str) -> bool:
        """Whether the file lies there as this digest says. Trusts the manifest for the content
        and the disk for presence and size."""
        written = self.known.get(path)
        return written is not None and written.digest == digest and self._sizes.get(path) == written.size

    def is_intact(self) -> bool:
        """Whether everything the manifest names is there, with its size."""
        sizes = self._sizes
        return bool(self.known) and all(sizes.get(path) == w.size for path, w in self.known.items())

    def alters(self, path: str) -> bool:
        """Whether a file of ours was changed or removed since: then it is written anew."""
        written = self.known.get(path)
        return written is None or self._sizes.get(path) != written.size

    def prepare(self) -> None:
        """Makes the output folder and an empty staging folder."""
        Path(self.folder).mkdir(parents=True, exist_ok=True)
        self.discard()
        Path(self.staging).mkdir()

    def discard(self) -> None:
        """Removes what is staged."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def commit(self, staged: dict[str, str], outputs: dict[str, Written]) -> int:
        """Moves the staged files (output path to staged place) into place, removes what earlier
        builds wrote and this one did not, and writes the manifest. Returns how many were removed."""
        root = self.folder
        made: set[str] = set()
        for path, place in staged.items():
            target = f"{root}/{path}"
            parent = os.path.dirname(target)  # noqa: PTH120 - string work on 10,000 paths
            if parent not in made:
                _make_folder(root, parent)
                made.add(parent)
            try:
                os.replace(place, target)  # noqa: PTH105
            except IsADirectoryError:
                shutil.rmtree(target)
                Path(place).replace(target)
        gone = [path for path in self.known if path not in outputs]
        for path in gone:
            self._remove(path)
        self._write_manifest(outputs)
        self.discard()
        return len(gone)

    def _remove(self, path: str) -> None:
        target = Path(self.folder, path)
        with contextlib.suppress(OSError):
            target.unlink()
        root = Path(self.folder)
        for parent in target.parents:
            if parent == root:
                break
            try:
                parent.rmdir()
            except OSError:
                break

    def _write_manifest(self, outputs: dict[str, Written]) -> None:
        lines = [f"{w.digest} {w.size} {path}\n" for path, w in sorted(outputs.items())]
        data = "".join(lines).encode()
        self.manifest_bytes = data
        place = Path(self.folder, MANIFEST)
        temporary = Path(self.staging, "manifest")
        temporary.parent.mkdir(exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(place)


def _make_folder(root: str, parent: str) -> None:
    try:
        Path(parent).mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        # An earlier build had a file where now a folder stands.
        place = Path(parent)
        while not place.exists() and str(place) != root:
            place = place.parent
        if place.is_file() and str(place) != root:
            place.unlink()
        Path(parent).mkdir(parents=True, exist_ok=True)


def _parse_manifest(data: bytes) -> dict[str, Written]:
    known: dict[str, Written] = {}
    try:
        for line in data.decode("utf-8").splitlines():
            digest, size, path = line.split(" ", 2)
            # The manifest tells what may be deleted: a path that leaves the folder is never ours.
            if ".." not in path.split("/") and not path.startswith("/"):
                known[path] = Written(digest, int(size))
    except ValueError:
        return {}
    return known


def _list_sizes(folder: str) -> dict[str, int]:
    sizes: dict[str, int] = {}
    pending = [(folder, "")]
    while pending:
        place, prefix = pending.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name != STAGING:
                            pending.append((entry.path, f"{prefix}{entry.name}/"))
                    else:
                        sizes[prefix + entry.name] = entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return sizes

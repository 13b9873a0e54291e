"""What earlier builds worked out, kept in one SQLite file under `.digest/`.

It is a memo of pure functions: a row's key is the digest of everything the result
depends on, so a row is either right or never asked for. A file that is broken, of
another layout or not writable counts as empty: only speed is lost, never a page.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from digest.model import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LAYOUT = 1
_TABLES = """
CREATE TABLE loads (
  key BLOB NOT NULL, profile TEXT NOT NULL, profile_digest BLOB NOT NULL, version BLOB NOT NULL
);
CREATE UNIQUE INDEX loads_key ON loads (key);
CREATE TABLE bodies (digest TEXT NOT NULL, html TEXT NOT NULL, text TEXT NOT NULL);
CREATE UNIQUE INDEX bodies_digest ON bodies (digest);
CREATE TABLE renders (key BLOB NOT NULL, output BLOB NOT NULL);
CREATE UNIQUE INDEX renders_key ON renders (key);
CREATE TABLE editions (
  output TEXT PRIMARY KEY, key BLOB NOT NULL, manifest BLOB NOT NULL, report BLOB NOT NULL
);
"""


class LoadRow(Struct, frozen=True, gc=False):
    """A remembered reading of a file: the profile it was read with, and the encoded `Version`."""

    key: bytes
    profile: str
    profile_digest: bytes
    version: bytes


class EditionRow(Struct, frozen=True, gc=False):
    """The last whole edition written to one output folder."""

    key: bytes
    manifest: bytes
    report: bytes


class Store:
    """The memo's file. One process writes it; workers read bodies through their own connection.
    Without a folder it lasts for one build."""

    def __init__(self, folder: Path | None) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self.path, self._connection = self._open(folder)

    def _open(self, folder: Path | None) -> tuple[Path, sqlite3.Connection]:
        path = folder / "store.sqlite" if folder else None
        # Locked by another build, or not writable: an OperationalError or OSError, and no fault of the file.
        with contextlib.suppress(sqlite3.OperationalError, OSError):
            if path:
                _make_folder(path.parent)
                try:
                    return path, _connect(path)
                except sqlite3.OperationalError:
                    raise
                except sqlite3.DatabaseError:
                    path.unlink()
                    return path, _connect(path)
        self._temporary = tempfile.TemporaryDirectory(prefix="digest-")
        path = Path(self._temporary.name) / "store.sqlite"
        return path, _connect(path)

    def close(self) -> None:
        """Commits and closes."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.commit()
        self._connection.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def commit(self) -> None:
        """Makes what was written visible to the workers."""
        self._connection.commit()

    def clear(self) -> None:
        """Forgets everything."""
        for table in ("loads", "bodies", "renders", "editions"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
        self._connection.commit()

    def edition(self, output: str) -> EditionRow | None:
        """The last edition written to this output folder."""
        row = self._connection.execute(
            "SELECT key, manifest, report FROM editions WHERE output = ?", (output,)
        ).fetchone()
        return EditionRow(*row) if row else None

    def keep_edition(self, output: str, row: EditionRow) -> None:
        """Remembers a whole edition."""
        self._connection.execute(
            "INSERT OR REPLACE INTO editions VALUES (?, ?, ?, ?)", (output, row.key, row.manifest, row.report)
        )

    def loads(self) -> Iterator[LoadRow]:
        """All remembered readings."""
        for row in self._connection.execute("SELECT key, profile, profile_digest, version FROM loads"):
            yield LoadRow(*row)

    def keep_loads(self, rows: Iterable[tuple[LoadRow, str, Body]]) -> None:
        """Remembers readings, each with its body and the body's digest."""
        heads, bodies = [], []
        for row, digest, body in rows:
            heads.append((row.key, row.profile, row.profile_digest, row.version))
            bodies.append((digest, body.html, body.text))
        self._connection.executemany("INSERT OR REPLACE INTO loads VALUES (?, ?, ?, ?)", heads)
        self._connection.executemany("INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)", bodies)

    def body(self, digest: str) -> Body:
        """The body kept under a digest. Raises KeyError where there is none."""
        return fetch_body(self._connection, digest)

    def renders(self) -> dict[bytes, bytes]:
        """Remembered renderings: key to the digest of the bytes they gave."""
        return dict(self._connection.execute("SELECT key, output FROM renders"))

    def keep_renders(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Remembers renderings."""
        self._connection.executemany("INSERT OR REPLACE INTO renders VALUES (?, ?)", rows)

    def forget(self, *, loads: Sequence[bytes], renders: Sequence[bytes]) -> None:
        """Drops rows that the build just done had no use for, and bodies without a reading."""
        delete = self._connection.executemany
        delete("DELETE FROM loads WHERE key = ?", [(key,) for key in loads])
        delete("DELETE FROM renders WHERE key = ?", [(key,) for key in renders])

    def drop_bodies(self, used: set[str]) -> None:
        """Drops bodies that no reading names."""
        known = [digest for (digest,) in self._connection.execute("SELECT digest FROM bodies")]
        unused = [(digest,) for digest in known if digest not in used]
        self._connection.executemany("DELETE FROM bodies WHERE digest = ?", unused)


class BodyReader:
    """A worker's view of the bodies in the store."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True)

    def body(self, digest: str) -> Body:
        """The body kept under a digest. Raises KeyError where there is none."""
        return fetch_body(self._connection, digest)


def fetch_body(connection: sqlite3.Connection, digest: str) -> Body:
    """The body kept under a digest. Raises KeyError where there is none."""
    row = connection.execute("SELECT html, text FROM bodies WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        raise KeyError(digest)
    return Body(*row)


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    try:
        # Losing the memo in a power cut costs one slow build; waiting for the disk costs every build.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = TRUNCATE")
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        if layout != _LAYOUT:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall():
                connection.execute(f'DROP TABLE "{name}"')
            connection.executescript(_TABLES + f"PRAGMA user_version = {_LAYOUT};")
        connection.execute("BEGIN IMMEDIATE")
        connection.commit()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection

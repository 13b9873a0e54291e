"""What earlier builds worked out, kept in one SQLite file under `.digest/`, the bodies beside it.

It is a memo of pure functions: a row's key is the digest of everything the result
depends on, so a row is either right or never asked for. A file that is broken, in use by
another build, of another layout or not writable counts as empty: only speed is lost.
"""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from digest.build.bodies import BodyReader, Place, copy_bodies, drop_segments, find_moves, list_segments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from digest.model import Body

_LAYOUT = 3
_TABLES = """
CREATE TABLE loads (
  key BLOB NOT NULL, profile TEXT NOT NULL, profile_digest BLOB NOT NULL, version BLOB NOT NULL,
  body TEXT NOT NULL, place BLOB NOT NULL, sketch BLOB NOT NULL
);
CREATE UNIQUE INDEX loads_key ON loads (key);
CREATE TABLE renders (key BLOB NOT NULL, output BLOB NOT NULL);
CREATE UNIQUE INDEX renders_key ON renders (key);
CREATE TABLE memos (kind TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX memos_key ON memos (kind, key);
CREATE TABLE editions (
  output TEXT PRIMARY KEY, key BLOB NOT NULL, manifest BLOB NOT NULL, report BLOB NOT NULL
);
"""
_BUSY_SECONDS = 5.0
_MANY = 8_000  # rows from which reading the whole table costs less than asking for each


class LoadRow(Struct, frozen=True, gc=False):
    """A remembered reading of a file: the profile it was read with, the encoded `Version`, and
    the digest and place of its body (both empty where nothing could be made of the file). The
    `sketch` for grouping is only there on its way into the store; `Store.sketches` gives it back."""

    key: bytes
    profile: str
    profile_digest: bytes
    version: bytes
    body: str = ""
    place: Place | None = None
    sketch: bytes = b""


class EditionRow(Struct, frozen=True, gc=False):
    """The last whole edition written to one output folder."""

    key: bytes
    manifest: bytes
    report: bytes


class Store:
    """The memo. It is open to one build at a time, in one transaction from beginning to end;
    workers read and write bodies only. Without a folder it lasts for one build."""

    def __init__(self, folder: Path | None) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._places: dict[str, Place] = {}
        self.folder, self._connection = self._open(folder)
        self.bodies = str(self.folder / "bodies")
        self._reader = BodyReader(self.bodies)

    def _open(self, folder: Path | None) -> tuple[Path, sqlite3.Connection]:
        # Locked by another build, or not writable: an OperationalError or OSError, and no fault of the file.
        with contextlib.suppress(sqlite3.OperationalError, OSError):
            if folder:
                _make_folder(folder)
                path = folder / "store.sqlite"
                try:
                    return folder, _connect(path)
                except sqlite3.OperationalError:
                    raise
                except sqlite3.DatabaseError:
                    path.unlink()
                    return folder, _connect(path)
        self._temporary = tempfile.TemporaryDirectory(prefix="digest-")
        place = Path(self._temporary.name)
        return place, _connect(place / "store.sqlite")

    @property
    def is_temporary(self) -> bool:
        """Whether all is forgotten when this store is closed."""
        return self._temporary is not None

    def close(self) -> None:
        """Keeps what was written, and closes."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.commit()
        self._connection.close()
        self._reader.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def clear(self) -> None:
        """Forgets everything."""
        for table in ("loads", "renders", "editions", "memos"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above

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

    def knows_readings(self) -> bool:
        """Whether any reading is remembered."""
        return self._connection.execute("SELECT 1 FROM loads LIMIT 1").fetchone() is not None

    def loads(self) -> Iterator[LoadRow]:
        """All remembered readings whose bodies are there."""
        sizes = list_segments(self.bodies)
        decode = msgspec.msgpack.Decoder(Place | None).decode
        query = "SELECT key, profile, profile_digest, version, body, place FROM loads"
        for key, profile, profile_digest, version, body, encoded in self._connection.execute(query):
            place = decode(encoded)
            if place is not None:
                if sizes.get(place.segment, 0) < place.offset + place.html + place.text:
                    continue
                self._places[body] = place
            yield LoadRow(key, profile, profile_digest, version, body, place)

    def keep_loads(self, rows: Iterable[LoadRow]) -> None:
        """Remembers readings."""
        encode = msgspec.msgpack.Encoder().encode
        values = []
        for row in rows:
            if row.place is not None:
                self._places[row.body] = row.place
            encoded = encode(row.place)
            values.append(
                (row.key, row.profile, row.profile_digest, row.version, row.body, encoded, row.sketch)
            )
        self._connection.executemany("INSERT OR REPLACE INTO loads VALUES (?, ?, ?, ?, ?, ?, ?)", values)

    def sketches(self, keys: Collection[bytes]) -> dict[bytes, bytes]:
        """The sketches of readings, by key."""
        if len(keys) > _MANY:
            wanted = frozenset(keys)
            rows = self._connection.execute("SELECT key, sketch FROM loads")
            return {key: sketch for key, sketch in rows if key in wanted}
        found = {}
        for key in keys:
            row = self._connection.execute("SELECT sketch FROM loads WHERE key = ?", (key,)).fetchone()
            if row is not None:
                found[key] = row[0]
        return found

    def memo(self, kind: str) -> dict[bytes, bytes]:
        """All remembered results of one kind."""
        return dict(self._connection.execute("SELECT key, value FROM memos WHERE kind = ?", (kind,)))

    def memo_keys(self, kind: str) -> frozenset[bytes]:
        """The keys of all remembered results of one kind."""
        rows = self._connection.execute("SELECT key FROM memos WHERE kind = ?", (kind,))
        return frozenset(key for (key,) in rows)

    def recall(self, kind: str, key: bytes) -> bytes | None:
        """One remembered result."""
        row = self._connection.execute(
            "SELECT value FROM memos WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return row[0] if row else None

    def keep_memo(self, kind: str, results: Mapping[bytes, bytes], stale: Iterable[bytes] = ()) -> None:
        """Remembers results of one kind, and forgets those of the `stale` keys."""
        self._connection.executemany(
            "DELETE FROM memos WHERE kind = ? AND key = ?", ((kind, key) for key in stale)
        )
        self._connection.executemany(
            "INSERT OR REPLACE INTO memos VALUES (?, ?, ?)",
            ((kind, key, value) for key, value in results.items()),
        )

    @property
    def places(self) -> dict[str, Place]:
        """Where the bodies lie that this store has been told of."""
        return self._places

    def know_places(self, places: Mapping[str, Place]) -> None:
        """Tells where bodies lie that an earlier opening of the store knew."""
        self._places |= places

    def place(self, body: str) -> Place:
        """Where the body with this digest lies. Raises KeyError where there is none."""
        return self._places[body]

    def body(self, digest: str) -> Body:
        """The body with this digest. Raises KeyError where there is none."""
        return self._reader.read(self._places[digest])

    def renders(self) -> dict[bytes, bytes]:
        """Remembered renderings: key to the digest of the bytes they gave."""
        return dict(self._connection.execute("SELECT key, output FROM renders"))

    def keep_renders(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Remembers renderings."""
        self._connection.executemany("INSERT OR REPLACE INTO renders VALUES (?, ?)", rows)

    def forget(self, *, loads: Iterable[bytes], renders: Iterable[bytes]) -> None:
        """Drops rows that the build just done had no use for."""
        delete = self._connection.executemany
        delete("DELETE FROM loads WHERE key = ?", ((key,) for key in loads))
        delete("DELETE FROM renders WHERE key = ?", ((key,) for key in renders))

    def tidy(self) -> None:
        """Gives back the room of bodies that no row names any more."""
        rows = self._connection.execute("SELECT key, place FROM loads").fetchall()
        decode = msgspec.msgpack.Decoder(Place | None).decode
        places = {key: place for key, encoded in rows if (place := decode(encoded)) is not None}
        moved = copy_bodies(self.bodies, find_moves(places.values(), list_segments(self.bodies)))
        if moved:
            encode = msgspec.msgpack.Encoder().encode
            updates = ((encode(moved[place]), key) for key, place in places.items() if place in moved)
            self._connection.executemany("UPDATE loads SET place = ? WHERE key = ?", updates)
            self._connection.commit()
        drop_segments(self.bodies, (moved.get(place, place) for place in places.values()))


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        # Losing the memo in a power cut costs one slow build; waiting for the disk costs every build.
        connection.execute("PRAGMA synchronous = OFF")
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        if layout != _LAYOUT:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall():
                connection.execute(f'DROP TABLE "{name}"')
            connection.executescript(_TABLES + f"PRAGMA user_version = {_LAYOUT};")
        connection.execute("BEGIN IMMEDIATE")  # held until the build is done: no other may tidy meanwhile
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection

"""The first half of a build: from the files of the content folders to versions and bodies,
reading anew only what the store does not remember."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from digest.build import scan
from digest.build.desk import LoadAnswer
from digest.build.fingerprint import LOAD, code_digest, digest_of
from digest.build.store import LoadRow
from digest.errors import Problem
from digest.model import Version

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from digest.build.crew import Crew
    from digest.build.run import Run
    from digest.config import SiteConfig

_HASH_BATCH, _LOAD_BATCH = 500, 60
_NO_PROFILE = b""
_REJECTED = "!"


class Readings(Struct, frozen=True):
    """All versions, in order of their paths; the files nothing could be made of, with why;
    how many files were read anew; the keys of remembered readings that are of no more use; the
    digests of the files' bytes, and the keys of readings, by path;
    and, when verifying, the files whose remembered reading differs from a new one."""

    versions: tuple[Version, ...]
    rejected: dict[str, Problem]
    loaded: int
    stale: tuple[bytes, ...]
    digests: dict[str, bytes]
    mismatches: tuple[str, ...] = ()
    keys: dict[str, bytes] = {}


def hash_files(files: Sequence[scan.Found], crew: Crew) -> dict[str, bytes]:
    """The digest of every file's bytes, by path."""
    batches = [list(files[start : start + _HASH_BATCH]) for start in range(0, len(files), _HASH_BATCH)]
    digests: dict[str, bytes] = {}
    for batch, answer in crew.run_batches("hash", batches):
        for number, found in enumerate(batch):
            digests[found.path] = answer[number * 16 : number * 16 + 16]
    return digests


class _Keys:
    """The keys of readings: a file's key tells its bytes, its path, our code and how outlets are
    told apart; the digest of the profile it was read with stands beside, so that editing one
    profile reads one outlet anew."""

    def __init__(self, config: SiteConfig) -> None:
        encode = msgspec.msgpack.Encoder(order="sorted").encode
        identity = [(p.slug, p.name, p.names, p.domains, encode(p.url)) for p in config.profiles]
        sketched = b"sketched" if config.threads_automatic else b""
        former = [encode(config.permalinks)] if config.permalinks else []
        self._base = digest_of(code_digest(LOAD), encode(identity), encode(config.topics), sketched, *former)
        self.profiles = {
            p.slug: digest_of(encode(p), _hook_bytes(config.site, p.hook)) for p in config.profiles
        }

    def of(self, path: str, digest: bytes) -> bytes:
        return digest_of(self._base, path.encode(), digest)

    def holds(self, row: LoadRow) -> bool:
        return row.profile == _REJECTED or row.profile_digest == self.profiles.get(row.profile, _NO_PROFILE)


def _hook_bytes(site: str, hook: str) -> bytes:
    if not hook:
        return b""
    try:
        return Path(site, hook.partition(":")[0]).read_bytes()
    except OSError:
        return b"absent"


class _Intake:
    """Collects readings as they come, decoded."""

    def __init__(self, digests: dict[str, bytes]) -> None:
        self.digests = dict(digests)
        self.versions: dict[str, Version] = {}
        self.rejected: dict[str, Problem] = {}
        self.keys: dict[str, bytes] = {}
        self._decode = msgspec.msgpack.Decoder(Version).decode

    def take(self, path: str, row: LoadRow) -> None:
        self.keys[path] = row.key
        if row.profile == _REJECTED:
            self.rejected[path] = msgspec.msgpack.decode(row.version, type=Problem)
        else:
            self.versions[path] = self._decode(row.version)


def read_articles(run: Run, files: Sequence[scan.Found], digests: dict[str, bytes]) -> Readings:
    """Versions of all article files; what was not remembered is read by the crew and kept."""
    keys = _Keys(run.config)
    remembered = {row.key: row for row in run.store.loads()}
    intake = _Intake(digests)
    known: list[scan.Found] = []
    missing: list[scan.Found] = []
    for found in files:
        digest = digests.get(found.path)
        row = remembered.get(keys.of(found.path, digest)) if digest else None
        if row is not None and keys.holds(row):
            known.append(found)
            intake.take(found.path, row)
        else:
            missing.append(found)
    _take_in(run, missing, keys, intake)
    mismatches: list[str] = []
    for answers in _load(run, known if run.options.verify else ()):
        for found, answer in answers:
            key = keys.of(found.path, digests[found.path])
            known_row = remembered[key]
            again = msgspec.structs.replace(_row(key, answer, keys), place=known_row.place, sketch=b"")
            if again != known_row or run.store.sketches([key]).get(key, b"") != answer.sketch:
                mismatches.append(found.path)
    versions = tuple(intake.versions[path] for path in sorted(intake.versions))
    used = frozenset(intake.keys.values())
    stale = tuple(key for key in remembered if key not in used)
    return Readings(
        versions, intake.rejected, len(missing), stale, intake.digests, tuple(sorted(mismatches)), intake.keys
    )


def reread_articles(
    run: Run, files: Sequence[scan.Found], before: Readings, changed: Collection[str]
) -> Readings:
    """The readings of all article files, where only those of `changed` paths, and new ones, may differ
    from the readings `before`, of the same configuration."""
    keys = _Keys(run.config)
    again = [found for found in files if found.path in changed or found.path not in before.keys]
    versions = {version.path: version for version in before.versions}
    intake = _Intake({})
    _take_in(run, again, keys, intake)
    anew = {found.path for found in again}
    kept = [found.path for found in files if found.path not in anew]
    versions = {path: versions[path] for path in kept if path in versions} | intake.versions
    return Readings(
        versions=tuple(versions[path] for path in sorted(versions)),
        rejected={path: before.rejected[path] for path in kept if path in before.rejected} | intake.rejected,
        loaded=len(again),
        stale=(),
        digests={path: before.digests[path] for path in kept} | intake.digests,
        keys={path: before.keys[path] for path in kept} | intake.keys,
    )


def _take_in(run: Run, files: Sequence[scan.Found], keys: _Keys, intake: _Intake) -> None:
    """Has files read, and keeps what they gave."""
    for answers in _load(run, files):
        rows = [_row(keys.of(found.path, answer.digest), answer, keys) for found, answer in answers]
        run.store.keep_loads(rows)
        for (found, answer), row in zip(answers, rows, strict=True):
            intake.digests[found.path] = answer.digest
            intake.take(found.path, row)


def _load(run: Run, files: Sequence[scan.Found]) -> Iterator[list[tuple[scan.Found, LoadAnswer]]]:
    decode = msgspec.msgpack.Decoder(list[LoadAnswer]).decode
    batches = [list(files[start : start + _LOAD_BATCH]) for start in range(0, len(files), _LOAD_BATCH)]
    done = 0
    for batch, answer in run.crew.run_batches("load", batches):
        done += len(batch)
        run.progress("reading", done, len(files))
        yield list(zip(batch, decode(answer), strict=True))


def _row(key: bytes, answer: LoadAnswer, keys: _Keys) -> LoadRow:
    if answer.problem is not None:
        return LoadRow(key, _REJECTED, _NO_PROFILE, msgspec.msgpack.encode(answer.problem))
    profile_digest = keys.profiles.get(answer.source, _NO_PROFILE)
    return LoadRow(
        key, answer.source, profile_digest, answer.version, answer.body, answer.place, answer.sketch
    )

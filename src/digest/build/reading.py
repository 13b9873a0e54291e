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
from digest.model import Body, Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.build.crew import Crew
    from digest.build.store import Store
    from digest.config import SiteConfig

_HASH_BATCH, _LOAD_BATCH = 500, 60
_NO_PROFILE = b""
_REJECTED = "!"


class Readings(Struct, frozen=True):
    """All versions, in order of their paths; the files nothing could be made of, with why;
    how many files were read anew; the keys of remembered readings that are of no more use;
    and, when verifying, the files whose remembered reading differs from a new one."""

    versions: tuple[Version, ...]
    rejected: dict[str, Problem]
    loaded: int
    stale: tuple[bytes, ...]
    mismatches: tuple[str, ...] = ()


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
        self._base = digest_of(code_digest(LOAD), encode(identity), encode(config.topics))
        self.profiles = {
            p.slug: digest_of(encode(p), _hook_bytes(config.site, p.hook)) for p in config.profiles
        }

    def of(self, path: str, digest: bytes) -> bytes:
        return digest_of(self._base, path.encode(), digest)


def _hook_bytes(site: str, hook: str) -> bytes:
    if not hook:
        return b""
    try:
        return Path(site, hook.partition(":")[0]).read_bytes()
    except OSError:
        return b"absent"


def read_articles(  # noqa: PLR0913 - the stage's whole context
    files: Sequence[scan.Found],
    digests: dict[str, bytes],
    config: SiteConfig,
    store: Store,
    crew: Crew,
    *,
    verify: bool,
    progress: Callable[[str, int, int], None],
) -> Readings:
    """Versions of all article files; what was not remembered is read by the crew and kept."""
    keys = _Keys(config)
    remembered = {row.key: row for row in store.loads()}
    decode = msgspec.msgpack.Decoder(Version).decode
    versions: dict[str, Version] = {}
    rejected: dict[str, Problem] = {}
    used: set[bytes] = set()
    missing: list[scan.Found] = []
    for found in files:
        key = keys.of(found.path, digests[found.path])
        row = remembered.get(key)
        if row is not None and (
            row.profile == _REJECTED or row.profile_digest == keys.profiles.get(row.profile, _NO_PROFILE)
        ):
            used.add(key)
            _take(row.profile, row.version, found.path, versions, rejected, decode)
        else:
            missing.append(found)
    mismatches: list[str] = []
    for answers in _load(missing, crew, progress):
        rows = []
        for found, answer in answers:
            key = keys.of(found.path, answer.digest)
            used.add(key)
            row, body = _row(key, answer, keys)
            rows.append((row, answer.body_digest, body))
            _take(row.profile, row.version, found.path, versions, rejected, decode)
        store.keep_loads(rows)
    if verify:
        known = {found.path: remembered.get(keys.of(found.path, digests[found.path])) for found in files}
        for answers in _load([f for f in files if known[f.path] is not None], crew, progress):
            for found, answer in answers:
                before = known[found.path]
                if before is not None and _row(before.key, answer, keys)[0] != before:
                    mismatches.append(found.path)
    store.commit()
    ordered = tuple(versions[path] for path in sorted(versions))
    stale = tuple(key for key in remembered if key not in used)
    return Readings(ordered, rejected, len(missing), stale, tuple(sorted(mismatches)))


def _load(
    files: Sequence[scan.Found], crew: Crew, progress: Callable[[str, int, int], None]
) -> Iterator[list[tuple[scan.Found, LoadAnswer]]]:
    decode = msgspec.msgpack.Decoder(list[LoadAnswer]).decode
    batches = [list(files[start : start + _LOAD_BATCH]) for start in range(0, len(files), _LOAD_BATCH)]
    done = 0
    for batch, answer in crew.run_batches("load", batches):
        done += len(batch)
        progress("reading", done, len(files))
        yield list(zip(batch, decode(answer), strict=True))


def _row(key: bytes, answer: LoadAnswer, keys: _Keys) -> tuple[LoadRow, Body]:
    if answer.problem is not None:
        return LoadRow(key, _REJECTED, _NO_PROFILE, msgspec.msgpack.encode(answer.problem)), Body("", "")
    profile_digest = keys.profiles.get(answer.source, _NO_PROFILE)
    return LoadRow(key, answer.source, profile_digest, answer.version), Body(answer.html, answer.text)


def _take(  # noqa: PLR0913
    profile: str,
    version: bytes,
    path: str,
    versions: dict[str, Version],
    rejected: dict[str, Problem],
    decode: Callable[[bytes], Version],
) -> None:
    if profile == _REJECTED:
        rejected[path] = msgspec.msgpack.decode(version, type=Problem)
    else:
        versions[path] = decode(version)

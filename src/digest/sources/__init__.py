"""Outlets as data: one TOML file each, read into a `Profile`.

A profile may extend another. `resolve` is the one place that says how: single values and
tables override key by key, lists put their own items before the inherited ones, and what
tells an outlet from others (slug, names, domains, homepage) is never inherited.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from digest.errors import ConfigError, Problem
from digest.sources.profile import Profile

FOLDER = Path(__file__).parent
_IDENTITY = ("slug", "name", "names", "domains", "homepage")


@cache
def builtin_slugs() -> frozenset[str]:
    """The slugs of the outlets shipped with digest: the names of their files."""
    return frozenset(path.stem for path in FOLDER.glob("*.toml"))


@cache
def read_builtin() -> tuple[Profile, ...]:
    """The outlets shipped with digest, ordered by slug. Raises ConfigError if a file is broken."""
    tables = {slug: _read_table(FOLDER / f"{slug}.toml") for slug in sorted(builtin_slugs())}
    done: dict[str, Profile] = {}
    while len(done) < len(tables):
        ready = [s for s, t in tables.items() if s not in done and t.get("extends", s) in (s, "", *done)]
        if not ready:
            waiting = ", ".join(s for s in tables if s not in done)
            raise _broken("bad-value", f"extends leads nowhere or in a circle in: {waiting}", str(FOLDER))
        for slug in ready:
            done[slug] = resolve(tables[slug], done.values())
    return tuple(done[slug] for slug in tables)


def resolve(table: Mapping[str, Any], known: Iterable[Profile]) -> Profile:
    """The profile a TOML table describes; `table` holds its `slug`.

    `extends` names one of `known`. Without it, a table with the slug of a known profile mends
    that one and keeps its identity; `extends = ""` starts from nothing.

    Raises ConfigError, with the dotted key, for what does not fit the type.
    """
    slug = str(table.get("slug", ""))
    by_slug = {profile.slug: profile for profile in known}
    parent = str(table.get("extends", slug if slug in by_slug else ""))
    merged: dict[str, Any] = dict(table)
    if parent:
        if parent not in by_slug:
            raise _broken("bad-value", f"extends {parent!r} is not a known profile", slug)
        inherited: dict[str, Any] = msgspec.to_builtins(by_slug[parent])
        if parent != slug:
            inherited = {key: value for key, value in inherited.items() if key not in _IDENTITY}
        merged = _merge(inherited, table)
    try:
        return msgspec.convert(merged | {"extends": parent}, Profile)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        raise _broken("wrong-type", f"{where.strip('`').removeprefix('$.')} {what}".strip(), slug) from error


def clashes(profiles: Iterable[Profile]) -> tuple[tuple[str, str, str], ...]:
    """Domains and names that two outlets claim: (slug of the later one, its key, what is wrong)."""
    found: list[tuple[str, str, str]] = []
    owners: dict[tuple[str, str], str] = {}
    for profile in profiles:
        claims = [("domains", domain, _bare(domain)) for domain in profile.domains]
        # A file's folder is compared with all of these alike.
        claims += [(key, name, name.strip().casefold()) for key, name in _names(profile)]
        for key, value, folded in claims:
            kind = "domain" if key == "domains" else "name"
            owner = owners.setdefault((kind, folded), profile.slug)
            if owner != profile.slug:
                found.append((profile.slug, key, f"{value!r} belongs to the outlet {owner!r} already"))
    return tuple(found)


def _names(profile: Profile) -> list[tuple[str, str]]:
    return [("slug", profile.slug), ("name", profile.name), *(("names", name) for name in profile.names)]


def _bare(domain: str) -> str:
    return domain.strip().lower().removeprefix("www.").removeprefix("m.")


def _read_table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _broken("syntax", f"not valid TOML: {error}", str(path)) from error
    if table.setdefault("slug", path.stem) != path.stem:
        raise _broken("bad-value", f"slug {table['slug']!r} is not the name of its file", str(path))
    return table


def _merge(inherited: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(inherited)
    for key, value in own.items():
        base = merged.get(key)
        if isinstance(value, Mapping) and isinstance(base, Mapping):
            merged[key] = _merge(base, value)
        elif isinstance(value, list) and isinstance(base, list | tuple):
            merged[key] = value + [item for item in base if item not in value]
        else:
            merged[key] = value
    return merged


def _broken(code: str, message: str, path: str) -> ConfigError:
    return ConfigError((Problem(code, message, path),))

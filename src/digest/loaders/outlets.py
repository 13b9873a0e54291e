"""Which outlet a file is of: its last category, else the link's host, else a folder of its path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from digest.ids import host_of, slugify
from digest.sources.address import Addresses, unknown_slug
from digest.sources.profile import Profile


class Outlet(NamedTuple):
    """The slug, the profile (None for an unknown outlet), and how it was told."""

    slug: str
    profile: Profile | None
    why: str
    names: frozenset[str]

    def owns(self, name: str) -> bool:
        """Whether `name` is one of the outlet's own names."""
        return _fold(name) in self.names


class Outlets:
    """All profiles by name, host and folder."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.by_slug: dict[str, Profile] = {}
        self.by_name: dict[str, Profile] = {}
        self._names: dict[str, frozenset[str]] = {}
        for profile in profiles:
            self.by_slug.setdefault(profile.slug, profile)
            own = frozenset(_fold(name) for name in (profile.slug, profile.name, *profile.names))
            self._names.setdefault(profile.slug, own)
            for name in own:
                self.by_name.setdefault(name, profile)
        self.addresses = Addresses(self.by_slug.values())

    def is_outlet(self, name: str) -> bool:
        """Whether a name is an outlet's rather than a person's."""
        return _fold(name) in self.by_name

    def find(self, categories: Sequence[str], link: str, path: str) -> Outlet:
        """The outlet of a file."""
        for category in reversed(categories):
            profile = self.by_name.get(_fold(category))
            if profile:
                return self._known(profile, f"category '{category}'")
        host = host_of(link)
        if host:
            slug = self.addresses.slug_of_host(host)
            if slug:
                return self._known(self.by_slug[slug], f"host {host}")
        folders = path.split("/")[:-1]
        for folder in reversed(folders):
            profile = self.by_name.get(_fold(folder))
            if profile:
                return self._known(profile, f"folder '{folder}'")
        if host:
            slug = unknown_slug(host)
            return _unknown(slug, f"unknown host {host}; generic reading")
        if folders:
            return _unknown(slugify(folders[0]), f"unknown folder '{folders[0]}'; generic reading")
        return _unknown("local", "no category, address or folder; generic reading")

    def _known(self, profile: Profile, why: str) -> Outlet:
        return Outlet(profile.slug, profile, why, self._names[profile.slug])


def _unknown(slug: str, why: str) -> Outlet:
    return Outlet(slug, None, why, frozenset((_fold(slug),)))


def _fold(name: str) -> str:
    return "".join(name.split()).casefold()

"""Outlets by any of their names, as a curator may write them."""

from __future__ import annotations

from collections.abc import Iterable

from digest.schema import suggest
from digest.sources.profile import Profile


class Outlets:
    """Finds an outlet's slug by slug or name, letter case and outer blanks aside."""

    def __init__(self, profiles: Iterable[Profile], slugs: Iterable[str]) -> None:
        self._slugs: dict[str, str] = {}
        for profile in profiles:
            self._add(profile.slug, profile.slug)
            for name in (profile.name, *profile.names):
                self._add(name, profile.slug)
        for slug in sorted(slugs):
            self._add(slug, slug)

    def find(self, name: str) -> str | None:
        """The slug of the outlet called `name`, or None."""
        return self._slugs.get(_fold(name))

    def suggest(self, name: str) -> str:
        """`; did you mean 'x'?` with the nearest name, or the empty string."""
        return suggest(name, self._slugs)

    def _add(self, name: str, slug: str) -> None:
        self._slugs.setdefault(_fold(name), slug)


def _fold(name: str) -> str:
    return name.strip().casefold()

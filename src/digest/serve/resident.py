"""A site that lives in memory: what changed is taken up at once, and pages are rendered when asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from digest.build.resident import Resident, Shown
from digest.errors import DigestError
from digest.places import FILE_NAME
from digest.serve.site import Rebuilt, Resource

if TYPE_CHECKING:
    from datetime import datetime

    from digest.build.accounts import Edition
    from digest.config import SiteConfig


class ResidentSite:
    """A `Site` without an output folder. `load` reads the configuration; raises what that raises."""

    def __init__(self, load: Callable[[], SiteConfig], now: datetime | None = None) -> None:
        self._load, self._now = load, now
        self.config = load()
        self._resident: Resident | None = None

    def rebuild(self, changed: frozenset[str]) -> Rebuilt:
        """Takes up what changed; all is read anew where the configuration did."""
        resident, more = self._resident, False
        named = {str(Path(self.config.site, FILE_NAME)), *self.config.hooks}
        config = self.config
        if resident is None or not named.isdisjoint(changed):
            self.config = config = self._load()
        if resident is None or resident.config != config or not set(config.hooks).isdisjoint(changed):
            fresh = Resident(config, self._now)
            if resident is not None:
                resident.close()
            self._resident = resident = fresh
        elif rest := changed - named:
            more = resident.take_up(rest)
        elif not changed:
            more = resident.take_up(())
        return Rebuilt(resident.shown.problems, more=more)

    def find(self, path: str) -> Resource | None:
        """The file at a path, from memory."""
        found = self._shown.find(path)
        return None if found is None else Resource(found)

    def edition(self) -> Edition:
        """What is shown now."""
        return self._shown.edition

    @property
    def _shown(self) -> Shown:
        if self._resident is None:
            raise DigestError("the site has not been built yet", hint="mend what stands in the terminal")
        return self._resident.shown

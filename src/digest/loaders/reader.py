"""All outlets, compiled once per process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from digest.errors import ConfigError, Problem
from digest.loaders.generic import generic_profile
from digest.loaders.outlets import Outlet, Outlets
from digest.loaders.reading import Reading
from digest.loaders.selectors import check_selector
from digest.permalinks import Permalinks
from digest.sources.profile import Profile


class Reader:
    """What `load` needs: the profiles, compiled as they are first met, the site's folder for hooks, and
    how an older site made its addresses."""

    def __init__(
        self, profiles: Sequence[Profile], root: Path | None = None, permalinks: Permalinks | None = None
    ) -> None:
        self.root = root
        self.permalinks = permalinks
        self.outlets = Outlets(profiles)
        self._readings: dict[str, Reading] = {}
        self._generic = Reading(generic_profile())

    def reading(self, outlet: Outlet) -> Reading:
        """The compiled profile of an outlet. Raises ConfigError where a selector is broken."""
        if outlet.profile is None:
            return self._generic
        found = self._readings.get(outlet.slug)
        if found is None:
            _check(outlet.profile)
            found = self._readings[outlet.slug] = Reading(outlet.profile)
        return found


def _check(profile: Profile) -> None:
    """Raise ConfigError naming every selector of a profile that lexbor refuses."""
    selectors = [rule.css for rule in profile.strip]
    selectors += [rule.css for rule in profile.dates]
    selectors += [rule.css for rule in profile.authors]
    selectors += [*profile.lead, *profile.related, *profile.tags, *profile.embeds]
    selectors += [profile.hero.css, profile.hero.caption, profile.hero.credit, profile.drop_caps]
    selectors += [*profile.caption.css, *profile.caption.credit_css]
    faults = tuple(
        Problem("bad-value", f"'{css}' is no CSS selector ({why})", f"sources.{profile.slug}")
        for css in selectors
        if css and (why := check_selector(css))
    )
    if faults:
        raise ConfigError(faults)

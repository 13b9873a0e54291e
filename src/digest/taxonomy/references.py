"""What the editor's thread files name: pages of the archive, and stories the machine found."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from digest.model import Group, Page, ThreadFile
from digest.taxonomy.lookup import Lookup

_ADDRESS = re.compile(r"(?:^|/)threads/([a-z0-9-]+)(?:/(?:index\.html)?)?(?:[?#].*)?$")


class References:
    """Finds pages and stories by any of their names.

    `lookup` knows the pages shown, `everything` those hidden by corrections too.
    """

    def __init__(
        self, pages: Sequence[Page], lookup: Lookup, everything: Lookup, groups: Sequence[Group]
    ) -> None:
        self._lookup = lookup
        self._everything = everything
        self._shown = frozenset(page.id for page in pages)
        self._groups: dict[str, Group] = {}
        self._holders: dict[str, Group] = {}
        for group in groups:
            self._groups.update((name, group) for name in group.former)
            self._holders.update((member, group) for member in group.members)
        self._groups |= {group.id: group for group in groups}

    @property
    def story_ids(self) -> Collection[str]:
        """Every id, present or former, of a story the machine found."""
        return self._groups.keys()

    def find_pages(self, reference: str) -> tuple[str, ...]:
        """Every page shown that `reference` may mean, the likeliest first."""
        found = self._lookup.find_all(reference)
        if not found and self._everything is not self._lookup:
            # An address that a correction has changed; or the page is hidden.
            found = self._everything.find_all(reference)
        return tuple(page for page in found if page in self._shown)

    def find_story(self, reference: str) -> Group | str | None:
        """The machine's story that `reference` names, by id, former id, address or a member; else
        the id of the page that is in none; None where it leads nowhere."""
        if group := self._named(reference):
            return group
        pages = self.find_pages(reference)
        holders = (self._holders[page] for page in pages if page in self._holders)
        return next(holders, pages[0] if pages else None)

    def explain(self, reference: str, files: Iterable[ThreadFile], *, story: bool) -> str:
        """Why `reference` leads nowhere, and what was expected (a `story`, or an article), as the end
        of a sentence."""
        if self._everything.find_all(reference):
            return "is hidden by a correction, or taken down"
        if not story:
            return "is a story (expected an article)" if self._named(reference) else "is no article here"
        address = _ADDRESS.search(reference)
        name = address[1] if address else reference
        for file in files:
            if file.id == name:
                return f"is the story of {file.path!r} (expected one that the machine found, or an article)"
        return "is no article and no story here"

    def _named(self, reference: str) -> Group | None:
        if group := self._groups.get(reference):
            return group
        address = _ADDRESS.search(reference)
        return self._groups.get(address[1]) if address else None

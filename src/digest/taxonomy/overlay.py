"""Lays the editor's files over the machine's stories. Nothing of it ever goes back into grouping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from digest.model import Group, Grouping, Page
from digest.taxonomy.editing import Edit


class Story(NamedTuple):
    """A story as it stands in the end. `groups` are the machine's that became it or flowed into
    it; `edit` is the file that has a say in it."""

    id: str
    members: tuple[str, ...]
    groups: tuple[Group, ...]
    edit: Edit | None = None


class Laid(NamedTuple):
    """The stories, the editor's in the order of their files, then the machine's by id; the files that no
    page belongs to; and the ids of stories that are no more, sorted."""

    stories: list[Story]
    empty: list[Edit]
    retired: tuple[str, ...]


def narrow(grouping: Grouping, pages: Iterable[Page]) -> Grouping:
    """`grouping` with nothing but `pages` in it. A story that keeps no page keeps its ids."""
    shown = {page.id for page in pages}
    groups = (
        Group(
            id=group.id,
            members=tuple(m for m in group.members if m in shown),
            events=tuple(e for event in group.events if (e := tuple(m for m in event if m in shown))),
            former=group.former,
            related=group.related,
        )
        for group in grouping.groups
    )
    # The copies of a page that is hidden are copies of one another.
    return Grouping(tuple(groups), {m: o for m, o in grouping.copies.items() if m in shown})


def lay_over(edits: Sequence[Edit], groups: Iterable[Group], rank: Callable[[str], int]) -> Laid:
    """What stands when `edits` are laid over `groups`. Members are ordered by `rank`.

    A page that a file includes leaves every story that it would be in as the machine has it; one in
    a file's thread leaves the machine's own. A machine story left with fewer than two pages is
    dissolved: its ids lead to the thread that took most of it (the first of equals), or retire.
    """
    visible = [edit for edit in edits if not edit.file.hide]
    moved = {page for edit in visible for page in edit.included}
    members = {edit.file.path: _members(edit, moved) for edit in visible}
    curated = [edit for edit in visible if members[edit.file.path]]
    empty = [edit for edit in visible if not members[edit.file.path]]
    holders: dict[str, list[int]] = {}
    for number, edit in enumerate(curated):
        for page in members[edit.file.path]:
            holders.setdefault(page, []).append(number)

    claimed = {group.id for edit in edits for group in edit.groups}
    dissolved = [group for edit in empty for group in edit.groups]
    own: list[Story] = []
    for group in sorted(groups, key=lambda g: g.id):
        if group.id not in claimed:
            left = [page for page in group.members if page not in holders]
            if len(left) > 1:
                own.append(Story(group.id, tuple(sorted(left, key=rank)), (group,)))
            else:
                dissolved.append(group)

    inflow: dict[int, list[Group]] = {}
    gone = [group for edit in edits if edit.file.hide for group in edit.groups]
    for group in dissolved:
        shares = Counter(number for page in group.members for number in holders.get(page, ()))
        if shares:
            heir = min(shares, key=lambda number: (-shares[number], number))
            inflow.setdefault(heir, []).append(group)
        else:
            gone.append(group)
    stories = [
        Story(
            edit.id,
            tuple(sorted(members[edit.file.path], key=rank)),
            (*edit.groups, *sorted(inflow.get(number, ()), key=lambda g: g.id)),
            edit,
        )
        for number, edit in enumerate(curated)
    ]
    stories += own
    return Laid(stories, empty, _retire(edits, gone, stories))


def find_former(story: Story) -> tuple[str, ...]:
    """The ids under which the machine may have published what is in `story` now."""
    names = dict.fromkeys(name for group in story.groups for name in (group.id, *group.former))
    return tuple(name for name in names if name != story.id)


def map_related(stories: Iterable[Story]) -> Iterator[tuple[str, ...]]:
    """For each story the ids of its related ones as they stand: the machine's, nearest first, taken in
    turns where several machine stories became one."""
    stories = list(stories)
    final = {group.id: story.id for story in stories for group in story.groups}
    for story in stories:
        turns = zip_longest(*(group.related for group in story.groups))
        found = (final.get(name or "") for turn in turns for name in turn)
        yield tuple(dict.fromkeys(name for name in found if name and name != story.id))


def map_copies(
    copies: Mapping[str, str], stories: Sequence[Story], rank: Callable[[str], int]
) -> dict[str, str]:
    """`copies` where a page's original shares a story with it; else the earliest page with the same text
    that does. What has no such page is no copy any more."""
    families: dict[str, list[str]] = {}
    for page, original in copies.items():
        families.setdefault(original, [original]).append(page)
    wanted = {page for family in families.values() for page in family}
    places: dict[str, set[int]] = {page: set() for page in wanted}
    for number, story in enumerate(stories):
        for page in wanted.intersection(story.members):
            places[page].add(number)
    found: dict[str, str] = {}
    for family in families.values():
        roots: list[str] = []
        for page in sorted(filter(places.__getitem__, family), key=rank):
            root = next((r for r in roots if not places[r].isdisjoint(places[page])), None)
            if root is None:
                roots.append(page)
            else:
                found[page] = root
    return dict(sorted(found.items()))


def _members(edit: Edit, moved: set[str]) -> set[str]:
    by_story = {page for group in edit.groups for page in group.members} | edit.alone
    return ((by_story - moved) | edit.chosen).difference(edit.excluded) | edit.included.keys()


def _retire(edits: Iterable[Edit], gone: Iterable[Group], stories: Iterable[Story]) -> tuple[str, ...]:
    names = {name for group in gone for name in (group.id, *group.former)}
    names |= {edit.id for edit in edits if edit.file.hide}
    names -= {name for story in stories for name in (story.id, *find_former(story))}
    return tuple(sorted(names))

"""The threads of the edition: the machine's stories with the editor's files laid over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from digest.errors import Problem
from digest.model import Grouping, Page, Thread, ThreadFile
from digest.taxonomy.editing import Edit, read_edits
from digest.taxonomy.lookup import Lookup
from digest.taxonomy.material import Item, Material
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.overlay import Story, find_former, lay_over, map_copies, map_related
from digest.taxonomy.references import References
from digest.taxonomy.rules import Rules, line_of
from digest.taxonomy.telling import Telling, tell_all
from digest.text.script import tell_language

Teller = Callable[[Sequence[Material]], Sequence[Telling]]
"""`telling.tell_all`, or what stands for it."""


class Archive(NamedTuple):
    """What thread files are read against: the pages shown, by moment and id; an index of them,
    and one of `everything`, hidden pages too; the outlets by name; and the local days of the pages' moments
    by id, undated ones left out."""

    pages: Sequence[Page]
    lookup: Lookup
    everything: Lookup
    outlets: Outlets
    days: Mapping[str, str]


class Threads(NamedTuple):
    """The threads (the editor's in the order of their files' paths, then the machine's by id), copies
    within them, ids of stories that are no more, and what is wrong with the files."""

    threads: tuple[Thread, ...]
    copies: dict[str, str]
    retired: tuple[str, ...]
    problems: list[Problem]


def build_threads(
    files: Sequence[ThreadFile], grouping: Grouping, archive: Archive, teller: Teller = tell_all
) -> Threads:
    """The threads of `archive`: the stories of `grouping` as `files` would have them, told by
    `teller` all at once."""
    pages = {page.id: page for page in archive.pages}
    rank = {page: number for number, page in enumerate(pages)}.__getitem__
    groups = grouping.groups
    references = References(archive.pages, archive.lookup, archive.everything, groups)
    edits, problems = read_edits(files, references, Rules(archive.pages, archive.days, archive.outlets))
    laid = lay_over(edits, groups, rank)
    for edit in laid.empty:
        message = "no article belongs to this thread; left out until one does"
        problems.append(Problem("thread-empty", message, edit.file.path))

    copies = map_copies(grouping.copies, laid.stories, rank)
    events = number_events(grouping)
    days = archive.days
    materials: list[Material] = []
    for story in laid.stories:
        pinned, faults = _pinned(story)
        problems += faults
        within = frozenset(story.members)
        members = list(enumerate(story.members))
        materials.append(
            Material(
                tuple(_item(pages[member], days.get(member, "")) for member in story.members),
                part_events(story.members, events),
                tuple(number for number, member in members if member in pinned),
                tuple(number for number, member in members if copies.get(member) in within),
            )
        )
    told = zip(laid.stories, materials, teller(materials), map_related(laid.stories), strict=True)
    threads = tuple(_thread(*parts) for parts in told)
    return Threads(threads, copies, laid.retired, problems)


def number_events(grouping: Grouping) -> dict[str, int]:
    """Each page that the machine put in an event, with the event's number."""
    events = (event for group in grouping.groups for event in group.events)
    return {page: number for number, event in enumerate(events) for page in event}


def part_events(members: Iterable[str], events: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    """The numbers of `members` by event. Those of one event of the machine's stay together, wherever they
    come from; a page that is in none is an event of its own."""
    parts: dict[int | str, list[int]] = {}
    for number, member in enumerate(members):
        parts.setdefault(events.get(member, member), []).append(number)
    return tuple(map(tuple, parts.values()))


def _item(page: Page, day: str) -> Item:
    newest = page.versions[-1]
    lead, excerpt = newest.lead or "", newest.excerpt
    return Item(page.id, page.source, page.title, day, newest.lang, lead, excerpt, not newest.size)


def _pinned(story: Story) -> tuple[frozenset[str], list[Problem]]:
    edit = story.edit
    if edit is None or not edit.pinned:
        return frozenset(), []
    pinned = frozenset(edit.pinned).intersection(story.members)
    held = {edit.pinned[page] for page in pinned}
    strays = dict.fromkeys(r for r in edit.pinned.values() if r not in held)
    return pinned, [_stray(edit, reference) for reference in strays]


def _stray(edit: Edit, reference: str) -> Problem:
    message = f"{reference!r} is pinned, and not in this thread (expected one of its articles); left out"
    return Problem("pin-stray", message, edit.file.path, line_of(edit.file, "pin", reference))


def _thread(story: Story, material: Material, telling: Telling, related: tuple[str, ...]) -> Thread:
    file = story.edit.file if story.edit else None
    dated = [item.day for item in material.items if item.day]
    titled = file is not None and file.titled
    return Thread(
        id=story.id,
        url=f"/threads/{story.id}/",
        title=file.title if file and titled else telling.title,
        curated=file is not None,
        members=story.members,
        first=dated[0] if dated else "",
        last=dated[-1] if dated else "",
        sources=tuple(dict.fromkeys(item.source for item in material.items)),
        html=file.html if file else "",
        path=file.path if file else "",
        assets=file.assets if file else (),
        lang=tell_language(file.title) if file and titled else telling.lang,
        events=telling.events,
        summary=telling.summary,
        former=find_former(story),
        related=related,
    )

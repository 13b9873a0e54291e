"""What each thread file asks for, as page ids and machine stories; and what cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from digest.errors import Problem
from digest.model import Group, ThreadFile
from digest.taxonomy.references import References
from digest.taxonomy.rules import Rules, line_of

_MONTH = re.compile(r"\d{4}-\d\d")


class Edit(NamedTuple):
    """A thread file, resolved.

    `id` is the thread's: the file's, unless that is taken. `groups` are the stories it adopts
    (first) and merges, `alone` pages named in their place that are in no story. `chosen` are the pages
    its rules choose. The others map pages to the reference in the file that names them.
    """

    file: ThreadFile
    id: str
    groups: tuple[Group, ...]
    alone: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    included: Mapping[str, str] = {}
    excluded: Mapping[str, str] = {}
    pinned: Mapping[str, str] = {}


def read_edits(
    files: Iterable[ThreadFile], references: References, rules: Rules
) -> tuple[list[Edit], list[Problem]]:
    """What `files` ask for, in the order of their paths.

    A machine story that two files name belongs to the first. A page that one file both
    includes and excludes is included; one that two files include is in both. All of it is reported,
    and so is each reference that leads nowhere.
    """
    ordered = sorted(files, key=lambda f: f.path)
    reading = _Reading(ordered, references, rules)
    edits = [reading.read_hidden(f) if f.hide else reading.read(f) for f in ordered]
    return _settle_ids(edits, references.story_ids, reading.problems), reading.problems


class _Reading:
    # The files one after the other, with what the earlier ones have taken.

    def __init__(self, files: Sequence[ThreadFile], references: References, rules: Rules) -> None:
        self.problems: list[Problem] = []
        self._files = files
        self._references = references
        self._rules = rules
        self._takers: dict[str, ThreadFile] = {}
        self._includers: dict[str, ThreadFile] = {}

    def read(self, file: ThreadFile) -> Edit:
        groups, alone = self._take_stories(file)
        chosen, problems = self._rules.choose(file)
        self.problems += problems
        included = self._find_pages(file, "include", file.include)
        excluded = self._find_pages(file, "exclude", file.exclude)
        for reference in dict.fromkeys(excluded[page] for page in excluded if page in included):
            what = "is in include too (expected one of the two); included"
            self._report("include-exclude", file, "exclude", reference, what)
        self._tell_shared(file, included)
        pinned = self._find_pages(file, "pin", file.pin)
        return Edit(file, file.id, groups, alone, chosen, included, excluded, pinned)

    def read_hidden(self, file: ThreadFile) -> Edit:
        # The other keys rest, and hold again when the line is deleted: nothing to report.
        if not file.adopt and not file.merge:
            message = "hide names no story (expected adopt or merge beside it); nothing is hidden"
            self.problems.append(Problem("key-idle", message, file.path, line_of(file, "hide")))
        return Edit(file, file.id, self._take_stories(file)[0])

    def _take_stories(self, file: ThreadFile) -> tuple[tuple[Group, ...], frozenset[str]]:
        groups: dict[str, Group] = {}
        alone: set[str] = set()
        named = [("adopt", file.adopt)] if file.adopt else []
        for key, reference in (*named, *(("merge", r) for r in file.merge)):
            found = self._references.find_story(reference)
            if found is None:
                why = self._references.explain(reference, self._files, story=True)
                self._report("reference-dead", file, key, reference, f"{why}; left out")
            elif isinstance(found, str):
                alone.add(found)
            elif (taker := self._takers.setdefault(found.id, file)) is not file:
                why = f"is of the story {found.id!r}, which {taker.path!r} has taken; left out"
                self._report("story-twice", file, key, reference, why)
            else:
                groups[found.id] = found
        return tuple(groups.values()), frozenset(alone)

    def _find_pages(self, file: ThreadFile, key: str, references: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for reference in references:
            pages = self._references.find_pages(reference)
            for page in pages:
                found.setdefault(page, reference)
            if not pages:
                why = self._references.explain(reference, self._files, story=False)
                self._report("reference-dead", file, key, reference, f"{why}; left out")
        return found

    def _tell_shared(self, file: ThreadFile, included: Mapping[str, str]) -> None:
        told: set[str] = set()
        for page, reference in included.items():
            other = self._includers.setdefault(page, file)
            if other is not file and reference not in told:
                told.add(reference)
                what = f"is in {other.path!r} too (expected one file); in both"
                self._report("include-twice", file, "include", reference, what)

    def _report(self, code: str, file: ThreadFile, key: str, reference: str, what: str) -> None:
        self.problems.append(Problem(code, f"{reference!r} {what}", file.path, line_of(file, key, reference)))


def _settle_ids(edits: Sequence[Edit], story_ids: Collection[str], problems: list[Problem]) -> list[Edit]:
    wanted = {edit.file.id for edit in edits}
    taken: dict[str, str] = {}
    settled: list[Edit] = []
    for edit in edits:
        name, path = edit.file.id, edit.file.path
        if not edit.file.hide:
            if why := _why_not(edit, story_ids, taken):
                stem = f"thread-{name}" if _MONTH.fullmatch(name) else name
                free = (f"{stem}-{number}" for number in count(2))
                name = next(n for n in free if n not in wanted and n not in taken and n not in story_ids)
                message = f"id {edit.file.id!r} {why}; the thread is {name!r}"
                problems.append(Problem("id-taken", message, path, line_of(edit.file, "id")))
            taken[name] = path
        settled.append(edit._replace(id=name))
    return settled


def _why_not(edit: Edit, story_ids: Collection[str], taken: Mapping[str, str]) -> str:
    name = edit.file.id
    if name in taken:
        return f"is that of {taken[name]!r} (expected one of its own)"
    if _MONTH.fullmatch(name):
        return "is where the stories of that month are listed (expected words)"
    if name in story_ids and not any(name in (group.id, *group.former) for group in edit.groups):
        return f"is that of a story the machine found (expected another id, or 'adopt: {name}')"
    return ""

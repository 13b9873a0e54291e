"""The commits of a published branch: how digest marks its own, and whether it may go on from one.

A mark is four trailers. `Digest-Tree` is the tree the commit was made with: a commit that somebody
amended carries the trailers still, but no longer that tree, and is not taken for digest's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct

from digest.publishing.checkout import Lineage

NUMBER, TREE, SITE, SOURCE = "Digest-Publish", "Digest-Tree", "Digest-Site", "Digest-Source"
_TRAILER = re.compile(r"(Digest-[A-Z][a-z]+): (.*)\Z")
_PERSON = re.compile(r"(.*?) ?<.*> (\d+) [+-]\d{4}\Z")


class Mark(Struct, frozen=True):
    """What digest says of a publish: which one of this branch it is (from 1), of which site, and the
    commit of the content it was built from, where there is one."""

    number: int
    site: str
    source: str = ""


class Commit(Struct, frozen=True):
    """A commit of the branch. `mark` is None where digest did not make it as it is."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    day: str
    subject: str
    mark: Mark | None = None

    def __str__(self) -> str:
        return f"{self.id[:10]} {self.subject!r} by {self.author} of {self.day}"


def parse_commit(name: str, raw: str) -> Commit:
    """A commit from what `git cat-file commit` prints of it."""
    head, _, message = raw.partition("\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.splitlines():
        key, _, value = line.partition(" ")
        fields.setdefault(key, []).append(value)
    tree = fields.get("tree", [""])[0]
    person = _PERSON.match(fields.get("author", [""])[0])
    moment = int(fields["committer"][0].split()[-2]) if "committer" in fields else 0
    return Commit(
        id=name,
        tree=tree,
        parents=tuple(fields.get("parent", ())),
        author=person[1] if person else "somebody",
        day=f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}",
        subject=message.partition("\n")[0],
        mark=_read_mark(message, tree),
    )


def _read_mark(message: str, tree: str) -> Mark | None:
    last = message.strip().rpartition("\n\n")[2]
    matches = (_TRAILER.match(line) for line in last.splitlines())
    given = {match[1]: match[2] for match in matches if match}
    if given.get(TREE) != tree or not given.get(NUMBER, "").isdecimal():
        return None
    return Mark(int(given[NUMBER]), given.get(SITE, ""), given.get(SOURCE, ""))


def write_message(subject: str, body: str, mark: Mark, tree: str) -> str:
    """The message of a commit, with its mark."""
    trailers = {NUMBER: str(mark.number), SITE: mark.site, SOURCE: mark.source, TREE: tree}
    lines = [f"{key}: {_one_line(value)}" for key, value in trailers.items() if value]
    return f"{_one_line(subject)}\n\n{body.strip()}\n\n" + "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def site_name(url: str, title: str) -> str:
    """What a site is known as on its branch: its address, else its title."""
    return _one_line(url or title)


def judge(tip: Commit | None, last: Commit | None, sent: Commit | None, site: str, lineage: Lineage) -> str:
    """Why the branch must not be gone on from, or the empty string.

    `tip` is the branch's newest commit; `last` is the newest that was pushed from here, `sent` one of
    which that is not certain; `lineage` tells how the content that `tip` was built from stands to the
    one here. What digest published from elsewhere is gone on from where it is clearly older.
    """
    if tip is None or any(tip.id == known.id for known in (last, sent) if known):
        return ""
    moved = f"has moved since the last publish from here, {last.id[:10]}: now at {tip}" if last else ""
    mark = tip.mark
    if mark is None:
        return moved or f"was not made by digest: it is at {tip}"
    if mark.site != site:
        return f"holds another site, {mark.site}: this one is {site}"
    if lineage == "behind":
        return f"was published from content that is not here, {mark.source[:10]}: now at {tip}"
    was_set_back = last is not None and last.mark is not None and mark.number <= last.mark.number
    return moved if was_set_back or lineage == "unknown" else ""

"""Where an older site had the articles, and which page each of its addresses leads to."""

from __future__ import annotations

from collections.abc import Iterable

from digest.errors import Problem
from digest.model import Page


def map_former(pages: Iterable[Page]) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Each old address with the id of its page, and a `redirect-taken` problem for each that an earlier
    one of the `pages` has already."""
    former: dict[str, str] = {}
    paths: dict[str, str] = {}
    problems: list[Problem] = []
    for page in pages:
        for version in reversed(page.versions):
            if not version.former:
                continue
            if former.setdefault(version.former, page.id) != page.id:
                first = paths[version.former]
                message = f"old address {version.former!r} is that of {first!r} too; it leads there"
                problems.append(Problem("redirect-taken", message, version.path))
            else:
                paths.setdefault(version.former, version.path)
    return former, tuple(problems)

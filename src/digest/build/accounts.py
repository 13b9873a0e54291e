"""What was read: every input file accounted for, and the pictures that pages ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from digest.build.reading import Readings
from digest.build.report import BuildReport, FileAccount, Role
from digest.build.scan import Found
from digest.errors import Problem
from digest.ids import asset_path, asset_url
from digest.model import Curated, Digest, Grouping, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.taxonomy import Survey


class Edition(Struct, frozen=True):
    """Everything read and assembled, before rendering. `surveyed` is what it is made of but for stories;
    `grouping` holds the machine's stories, before the editor's files are laid over them."""

    files: tuple[Found, ...]
    readings: Readings
    curated: Curated
    surveyed: Survey
    grouping: Grouping
    digest: Digest

    @property
    def grouped(self) -> tuple[Page, ...]:
        """The pages that stories were sought among, before the curator's corrections."""
        return self.surveyed.pages


def find_assets(digest: Digest, files: Sequence[Found]) -> tuple[dict[str, Found], list[Problem]]:
    """Pictures that pages name and that lie beside them: URL to file; and a problem for
    each that does not."""
    places = {f.path: f for f in files if f.kind == "asset"}
    wanted: dict[str, Found] = {}
    missing: list[Problem] = []
    asking: list[tuple[str, tuple[str, ...]]] = [(p.newest.path, p.newest.assets) for p in digest.pages]
    asking += [(p.path, p.assets) for p in digest.curator_pages]
    asking += [(e.path, e.assets) for e in digest.editions]
    asking += [(t.path, t.assets) for t in digest.threads]
    for path, references in asking:
        for reference in references:
            place = places.get(asset_path(path, reference))
            if place is None:
                message = f"picture {reference!r} is not beside the article; left without it"
                missing.append(Problem("picture-missing", message, path))
            else:
                wanted[asset_url(path, reference)] = place
    return wanted, missing


def account(edition: Edition, missing: Sequence[Problem]) -> BuildReport:
    """What became of every input file, and the counts; of the rendering nothing is known yet."""
    digest, readings = edition.digest, edition.readings
    roles: dict[str, tuple[Role, str]] = {}
    for page in digest.pages:
        for version in page.versions:
            roles[version.path] = ("version", page.id)
        roles[page.newest.path] = ("page", page.id)
    problems = list_problems(edition, missing)
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        by_path.setdefault(problem.path, []).append(problem)
    accounts = []
    for found in edition.files:
        its = tuple(by_path.get(found.path, ()))
        role, page_id = roles.get(found.path, ("ignored", ""))
        if found.kind == "curator":
            role = "problem" if found.path in readings.rejected else "curator"
        elif found.kind == "problem" or found.path in readings.rejected:
            role = "problem"
        accounts.append(FileAccount(found.path, role, page_id or None, its))
    counts = [a.role for a in accounts]
    return BuildReport(
        pages=len(digest.pages),
        versions=counts.count("page") + counts.count("version"),
        curator_files=counts.count("curator"),
        ignored=counts.count("ignored"),
        undated=len(digest.undated),
        hidden=len(digest.hidden),
        threads=len(digest.threads),
        loaded=readings.loaded,
        problems=problems,
        files=tuple(accounts),
        tombstones=tuple(stone.url for stone in digest.tombstones),
    )


def list_problems(edition: Edition, missing: Sequence[Problem]) -> tuple[Problem, ...]:
    """All that is wrong with the input, each thing once, by file and line. `missing` are pictures."""
    found = [f.problem for f in edition.files if f.problem is not None]
    found += edition.readings.rejected.values()
    found += edition.digest.problems
    found += missing
    pages: Sequence[Page] = edition.digest.pages
    found += [p for page in pages for p in page.problems]
    found += [p for page in pages for version in page.versions for p in version.problems]
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda p: (p.path, p.line, p.code, p.message)))

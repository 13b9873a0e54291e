"""The curator's own files: pages, editions, threads, corrections and takedowns.

    content/pages/about.md           → CuratorPage
    content/editions/2023-11-10.md   → Edition
    content/threads/biden-xi.md      → ThreadFile
    content/corrections.toml         → Corrections
    content/takedown.toml            → Takedowns

Whatever is wrong in one of them is a problem with its line; the rest of the file is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from digest.errors import Problem
from digest.ids import slugify
from digest.loaders.corrections import read_corrections
from digest.loaders.curated_front_matter import Fields, parse_day, split_front_matter
from digest.loaders.curated_markdown import Written, render_markdown
from digest.loaders.takedown import read_takedowns
from digest.model import Correction, Curated, CuratorPage, Edition, SourceFile, Takedown, ThreadFile
from digest.schema import shown
from digest.text.decode import decode
from digest.text.script import tell_language

PAGE_KEYS = ("title", "order", "slug")
EDITION_KEYS = ("title",)
THREAD_KEYS = (
    *("title", "id", "adopt", "merge", "words", "from", "to", "sources"),
    *("include", "exclude", "pin", "hide"),
)

_TAGS = re.compile(r"<[^>]+>")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


def load_curated(files: Sequence[SourceFile]) -> Curated:
    """All that the curator's files say, in the order of their paths. `Curated.paths` names every
    file given; one that cannot be used at all has a problem."""
    pages: list[CuratorPage] = []
    editions: list[Edition] = []
    threads: list[ThreadFile] = []
    corrections: list[Correction] = []
    takedowns: list[Takedown] = []
    problems: list[Problem] = []
    ordered = sorted(files, key=lambda f: f.path)
    for file in ordered:
        decoded = decode(file.data)
        if decoded.fault:
            problems.append(Problem("encoding", decoded.fault, file.path))
        if decoded.text is None:
            continue
        if file.path.endswith("takedown.toml"):
            entries, faults = read_takedowns(decoded.text, file.path)
            takedowns += entries
            problems += faults
            continue
        if file.path.endswith(".toml"):
            found, faults = read_corrections(decoded.text, file.path)
            corrections += found
            problems += faults
            continue
        folder = file.path.rpartition("/")[0].rpartition("/")[2]
        if folder == "threads":
            threads.append(_read_thread(decoded.text, file.path))
        elif folder == "editions":
            edition = _read_edition(decoded.text, file.path)
            if isinstance(edition, Edition):
                editions.append(edition)
            else:
                problems += edition
        else:
            pages.append(_read_page(decoded.text, file.path))
    editions, doubles = _one_a_day(editions)
    return Curated(
        pages=tuple(pages),
        editions=tuple(editions),
        threads=tuple(threads),
        corrections=tuple(corrections),
        problems=(*problems, *doubles),
        paths=tuple(f.path for f in ordered),
        takedowns=tuple(takedowns),
    )


def _read_page(text: str, path: str) -> CuratorPage:
    fields, written = _open(text, path, PAGE_KEYS)
    title = fields.text("title") or written.heading or PurePosixPath(path).stem
    return CuratorPage(
        path=path,
        slug=_slug(fields, "slug", path),
        title=title,
        html=written.html,
        lang=tell_language(f"{title}\n{_TAGS.sub('', written.html)}"),
        order=fields.number("order"),
        assets=written.assets,
        problems=fields.problems,
    )


def _read_edition(text: str, path: str) -> Edition | list[Problem]:
    stem = PurePosixPath(path).stem
    day = parse_day(stem[:10]) if stem[10:11] in ("", "-", "_", " ") else None
    if day is None:
        message = f"the file's name {stem!r} is no day (expected YYYY-MM-DD.md); left out"
        return [Problem("edition-day", message, path)]
    fields, written = _open(text, path, EDITION_KEYS)
    return Edition(
        path=path,
        day=day,
        title=fields.text("title") or written.heading,
        html=written.html,
        problems=fields.problems,
        assets=written.assets,
    )


def _read_thread(text: str, path: str) -> ThreadFile:
    fields, written = _open(text, path, THREAD_KEYS)
    first, last = fields.day("from"), fields.day("to")
    if first and last and first > last:
        fields.fault("to", f"to is {last}, before from, {first} (expected a later day); left out")
        last = None
    lists = {key: fields.texts(key) for key in ("sources", "include", "exclude", "merge", "pin")}
    lines = {key: line for key in THREAD_KEYS if (line := fields.line_of(key))}
    lines |= {f"{key}:{v}": fields.line_of(key, v) for key, values in lists.items() for v in values}
    title = fields.text("title") or written.heading
    return ThreadFile(
        path=path,
        id=_slug(fields, "id", path),
        title=title or PurePosixPath(path).stem,
        html=written.html,
        words=fields.groups("words"),
        first=first,
        last=last,
        sources=lists["sources"],
        include=lists["include"],
        exclude=lists["exclude"],
        lines=tuple(lines.items()),
        assets=written.assets,
        adopt=fields.text("adopt"),
        merge=lists["merge"],
        pin=lists["pin"],
        hide=fields.flag("hide"),
        titled=bool(title),
        problems=fields.problems,  # last, for each field read may add to them
    )


def _open(text: str, path: str, keys: Sequence[str]) -> tuple[Fields, Written]:
    front = split_front_matter(text, path, keys)
    name = slugify(PurePosixPath(path).stem)
    return Fields(front, path, text), render_markdown(front.body, name, anchored=keys is PAGE_KEYS)


def _slug(fields: Fields, key: str, path: str) -> str:
    given = fields.text(key)
    if given and not _SLUG.match(given):
        message = f"{key} is {shown(given)} (expected lower-case letters, digits and -)"
        fields.fault(key, f"{message}; made from it instead")
    return given if _SLUG.match(given) else slugify(given or PurePosixPath(path).stem)


def _one_a_day(editions: Sequence[Edition]) -> tuple[list[Edition], list[Problem]]:
    by_day: dict[str, Edition] = {}
    problems: list[Problem] = []
    for edition in sorted(editions, key=lambda e: (e.day, PurePosixPath(e.path).stem, e.path)):
        first = by_day.setdefault(edition.day, edition)
        if first is not edition:
            message = f"{edition.day} has an edition already, {first.path!r} (expected one a day); left out"
            problems.append(Problem("edition-twice", message, edition.path))
    return list(by_day.values()), problems

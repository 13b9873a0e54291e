"""The folders a build reads and writes: where they lie, and whether they can be used together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from digest.site_file import Written
from digest.toml_lines import Key


class Folder(NamedTuple):
    """A folder as it was given: its key in site.toml or its option on the command line, what
    it is for, the words that name it, and the absolute place."""

    key: Key
    option: str
    use: str
    given: str
    place: str


class Folders(NamedTuple):
    """All folders of a build. `site` is absolute."""

    site: str
    content: tuple[Folder, ...]
    output: Folder
    templates: Folder
    static: Folder


def locate(site: Path, written: Written, content: Sequence[Path], output: Path | None) -> Folders:
    """The folders `site.toml` names, relative to `site`, unless the command line names others."""
    home = os.path.abspath(site)

    def from_file(key: Key, given: str) -> Folder:
        return Folder(key, "", str(key[0]), given, os.path.abspath(os.path.join(home, given)))  # noqa: PTH118

    def from_shell(option: str, given: Path) -> Folder:
        return Folder((), f"--{option}", option, str(given), os.path.abspath(given))

    file = written.site
    if content:
        roots = tuple(from_shell("content", folder) for folder in content)
    elif isinstance(file.content, str):
        roots = (from_file(("content",), file.content),)
    else:
        roots = tuple(from_file(("content", n), folder) for n, folder in enumerate(file.content))
    return Folders(
        home,
        roots,
        from_shell("output", output) if output else from_file(("output",), file.output),
        from_file(("templates",), file.templates),
        from_file(("static",), file.static),
    )


def faults(folders: Folders, written: Written) -> Iterator[tuple[Folder, str]]:
    """Each folder that cannot be used as it is given, and why."""
    yield from _absent(folders, written)
    yield from _nested(folders, written)


def _absent(folders: Folders, written: Written) -> Iterator[tuple[Folder, str]]:
    named = [f for f in (*folders.content, folders.templates, folders.static) if f.option or f.key[0] in written.keys]
    for folder in named:
        trouble = _not_a_folder(folder.place)
        if trouble:
            yield folder, f"{folder.use} folder {folder.given!r} {trouble}"
    if not folders.content:
        yield Folder(("content",), "", "content", "", ""), "content names no folder (expected at least one)"
    for folder in folders.content:
        if folder not in named and not os.path.isdir(folder.place) and not _is_bare(folders):
            message = "no folder 'content' here (expected the articles in it, or a folder named with --content)"
            yield folder, message


def _not_a_folder(place: str) -> str:
    if os.path.isdir(place):
        return ""
    return "is a file" if os.path.exists(place) else "does not exist"


def _is_bare(folders: Folders) -> bool:
    """Whether nothing lies in the site's folder but what digest puts there: an empty site."""
    with os.scandir(folders.site) as entries:
        return all(e.name.startswith(".") or e.path == folders.output.place for e in entries)


def _nested(folders: Folders, written: Written) -> Iterator[tuple[Folder, str]]:
    output = folders.output
    relation = _relation(output.place, folders.site)
    if relation in ("is", "contains"):
        yield output, f"output folder {output.given!r} {relation} the site's folder (expected a folder of its own)"
        return
    if _relation(output.place, os.path.join(folders.site, ".digest")) in ("is", "lies in"):  # noqa: PTH118
        yield output, f"output folder {output.given!r} lies in '.digest', where the cache is"
    if os.path.exists(output.place) and not os.path.isdir(output.place):
        yield output, f"output folder {output.given!r} is a file"
    for folder in (*folders.content, folders.templates, folders.static):
        relation = _relation(output.place, folder.place)
        if relation:
            # The one that was named is to blame, not the default it runs into.
            blamed = output if output.option or "output" in written.keys else folder
            yield blamed, f"output folder {output.given!r} {relation} the {folder.use} folder {folder.given!r}"
    for number, folder in enumerate(folders.content):
        for other in folders.content[:number]:
            if _relation(folder.place, other.place):
                yield folder, f"content folders {other.given!r} and {folder.given!r} overlap"


def _relation(one: str, other: str) -> str:
    """How folder `one` stands to `other`: `is`, `lies in`, `contains`, or the empty string."""
    one, other = os.path.realpath(one), os.path.realpath(other)
    if one == other:
        return "is"
    if one.startswith(other.rstrip(os.sep) + os.sep):
        return "lies in"
    return "contains" if other.startswith(one.rstrip(os.sep) + os.sep) else ""

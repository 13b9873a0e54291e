"""The folders a build reads and writes: where they lie, and whether they can be used together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from digest.places import FILE_NAME
from digest.site_file import Written
from digest.toml_lines import Key

_OURS = frozenset({"public", "templates", "static"})


class Folder(NamedTuple):
    """A folder as it was given: its key in site.toml or its option on the command line, what
    it is for, the words that name it, and the absolute place."""

    key: Key
    option: str
    use: str
    given: str
    place: Path


class Folders(NamedTuple):
    """All folders of a build. `site` is absolute."""

    site: Path
    content: tuple[Folder, ...]
    output: Folder
    templates: Folder
    static: Folder


def locate(site: Path, written: Written, content: Sequence[Path], output: Path | None) -> Folders:
    """The folders `site.toml` names, relative to `site`, unless the command line names others."""
    home = absolute(site)

    def from_file(key: Key, given: str) -> Folder:
        return Folder(key, "", str(key[0]), given, absolute(home / given))

    def from_shell(option: str, given: Path) -> Folder:
        return Folder((), f"--{option}", option, str(given), absolute(given))

    file = written.site
    if content:
        roots = tuple(from_shell("content", folder) for folder in content)
    elif _is_archive(home):
        roots = (Folder((), "", "content", ".", home),)
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


def _is_archive(home: Path) -> bool:
    """Whether the folder holds articles and nothing that makes it a site: then it is its own content."""
    return (
        home.is_dir()
        and not (home / FILE_NAME).exists()
        and not (home / "content").exists()
        and any(not e.name.startswith(".") and e.name not in _OURS for e in home.iterdir())
    )


def absolute(path: Path) -> Path:
    """The path from the root, without `..`, symbolic links left as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links


def faults(folders: Folders, written: Written) -> Iterator[tuple[Folder, str]]:
    """Each folder that cannot be used as it is given, and why."""
    yield from _absent(folders, written)
    yield from _entangled(folders, written)


def _absent(folders: Folders, written: Written) -> Iterator[tuple[Folder, str]]:
    for folder in (*folders.content, folders.templates, folders.static):
        if folder.place.is_dir():
            continue
        if folder.option or (folder.key and folder.key[0] in written.keys):
            what = "is a file" if folder.place.exists() else "does not exist"
            yield folder, f"{folder.use} folder {folder.given!r} {what}"
        elif folder.use == "content" and not _is_bare(folders):
            yield folder, "no folder 'content' here (expected one with the articles, or --content)"
    if not folders.content:
        # Any folder carries the key, which is all that is told of it.
        nowhere = folders.templates._replace(key=("content",))
        yield nowhere, "content names no folder (expected at least one)"


def _is_bare(folders: Folders) -> bool:
    """Whether the site's folder holds nothing but what digest puts there: an empty site."""
    return all(e.name.startswith(".") or e == folders.output.place for e in folders.site.iterdir())


def _entangled(folders: Folders, written: Written) -> Iterator[tuple[Folder, str]]:
    output = folders.output
    name = f"output folder {output.given!r}"
    relation = _relation(output.place, folders.site)
    if relation in ("is", "contains"):
        yield output, f"{name} {relation} the site's folder (expected a folder of its own)"
        return
    if _relation(output.place, folders.site / ".digest") in ("is", "lies in"):
        yield output, f"{name} lies in '.digest', where the cache is"
    if output.place.exists() and not output.place.is_dir():
        yield output, f"{name} is a file"
    for folder in (*folders.content, folders.templates, folders.static):
        relation = _relation(output.place, folder.place)
        if relation == "lies in" and folder.use == "content":
            continue  # the scan leaves it out
        if relation:
            # The one that was named is to blame, not the default it runs into.
            blamed = output if output.option or "output" in written.keys else folder
            yield blamed, f"{name} {relation} the {folder.use} folder {folder.given!r}"
    for number, folder in enumerate(folders.content):
        for other in folders.content[:number]:
            if _relation(folder.place, other.place):
                yield folder, f"content folders {other.given!r} and {folder.given!r} overlap"


def _relation(one: Path, other: Path) -> str:
    """How folder `one` stands to `other`: `is`, `lies in`, `contains`, or the empty string."""
    one, other = one.resolve(), other.resolve()
    if one == other:
        return "is"
    if one.is_relative_to(other):
        return "lies in"
    return "contains" if other.is_relative_to(one) else ""

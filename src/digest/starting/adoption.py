"""An existing archive as a site of digest's: the settings proposed, and what was found, in words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from digest.starting.files import toml_text
from digest.starting.layout import Layout
from digest.starting.site import Settings
from digest.starting.survey import Survey

_OWN = "content"
_MOST_UNKNOWN = 10
_SHOWN = 40
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def first_settings(layout: Layout) -> Settings:
    """What the archive's own configuration says, before anything is read."""
    old = layout.jekyll
    if old is None:
        return Settings(title=layout.root.name, ignore=layout.ignored)
    return Settings(
        title=old.title or layout.root.name,
        url=old.url,
        description=old.description,
        language=old.language or "zh-Hans",
        timezone=old.timezone or "Asia/Shanghai",
        ignore=layout.ignored,
    )


def settled(settings: Settings, layout: Layout, found: Survey, home: Path, *, with_own: bool) -> Settings:
    """The settings with what the articles themselves tell. Folders are named from `home`; `with_own`
    puts a folder `content` for the curator's files in front."""
    folders = [_from(home, folder) for folder in layout.folders]
    names_language = layout.jekyll is not None and layout.jekyll.language is not None
    language = found.languages[0][0] if found.languages and not names_language else settings.language
    own = [_OWN] if with_own and _OWN not in folders else []
    return msgspec.structs.replace(
        settings,
        language=language,
        content=(*own, *folders),
        sources=_sources(settings.title, (*own, *folders), found),
        permalinks=_permalinks(layout),
    )


def _from(home: Path, folder: Path) -> str:
    """`folder` as seen from `home`; in full where they have no folder in common."""
    is_far = len(Path(os.path.commonpath((home, folder))).parts) < 2
    return (str(folder) if is_far else os.path.relpath(folder, home)).replace(os.sep, "/")


def _permalinks(layout: Layout) -> tuple[str, str] | None:
    old = layout.jekyll
    if old is None and not any(folder.name == "_posts" for folder in layout.folders):
        return None
    return (old.permalink, old.timezone or "UTC") if old else ("date", "UTC")


def _sources(title: str, content: Sequence[str], found: Survey) -> str:
    """Tables of outlets: the site itself, for articles of none; those told by a folder, with its name;
    and, as comments, those of hosts that are not known, largest first."""
    lines = []
    above = [toml_text(name) for name in _prefixes(content) if name != _OWN]
    if above and any(outlet.is_homeless for outlet in found.outlets):
        lines += ["", "[sources.house]", f"name = {toml_text(title)}"]
        lines += [f"names = [{', '.join(above)}] # an article of no outlet is the site's own"]
    for outlet in found.outlets:
        if outlet.folder and _SLUG.match(outlet.slug) and outlet.folder not in _prefixes(content):
            name = toml_text(outlet.folder)
            lines += ["", f"[sources.{outlet.slug}]", f"name = {name} # the folder's name tells it"]
    unknown = [outlet for outlet in found.outlets if outlet.host and _SLUG.match(outlet.slug)]
    for outlet in unknown[:_MOST_UNKNOWN]:
        lines += ["", f"# [sources.{outlet.slug}] # {outlet.articles:,} articles"]
        lines += [f"# name = {toml_text(outlet.name)}", f"# domains = [{toml_text(outlet.host)}]"]
    return "\n".join(lines)


def _prefixes(content: Sequence[str]) -> list[str]:
    """The top folder of an article's path, by content folder, as a build has it where there are several."""
    names = [folder.rpartition("/")[2] for folder in content]
    if len(names) == 1:
        return []
    return [n if names.count(n) == 1 else f"{n}-{number}" for number, n in enumerate(names, start=1)]


def report(layout: Layout, found: Survey) -> Iterator[str]:
    """What was found, line by line."""
    what = "a Jekyll site" if layout.jekyll else "a tree of articles"
    names = ", ".join(_named(folder, layout.root) for folder in layout.folders)
    yield f"{layout.root}: {what}; articles in {names}"
    versions = f" ({found.versions:,} versions)" if found.versions != found.articles else ""
    yield f"{found.files:,} files, {found.articles:,} articles{versions}, {_span(found.first, found.last)}"
    others = [f"{found.undated:,} without a date"] if found.undated else []
    others += [f"{found.curated:,} files of a curator's"] if found.curated else []
    others += [f"left out: {count:,} {suffix}" for suffix, count in layout.left]
    if others:
        yield ", ".join(others)
    yield ", ".join(f"{language} {count:,}" for language, count in found.languages) or "no text"
    yield ""
    yield from _outlet_lines(found)
    yield from _defect_lines(found)
    for note in layout.jekyll.notes if layout.jekyll else ():
        yield f"note: {note}"


def _named(folder: Path, root: Path) -> str:
    return str(folder.relative_to(root)) if folder.is_relative_to(root) and folder != root else folder.name


def _outlet_lines(found: Survey) -> Iterator[str]:
    yield f"outlets: {len(found.outlets)}"
    for outlet in found.outlets[:_SHOWN]:
        known = "" if outlet.is_known else "  (not known: generic reading)"
        name = "no outlet named" if outlet.is_homeless else _one_line(outlet.name)
        yield f"{outlet.articles:>9,}  {_span(outlet.first, outlet.last)}  {name}{known}"
    if len(found.outlets) > _SHOWN:
        yield f"           … and {len(found.outlets) - _SHOWN:,} more"
    yield ""


def _defect_lines(found: Survey) -> Iterator[str]:
    yield f"defects: {sum(d.count for d in found.defects):,}" if found.defects else "no defects"
    width = max((len(d.code) for d in found.defects), default=0)
    for defect in found.defects:
        example = _one_line(f"{defect.first.path}: {defect.first.message}")
        yield f"{defect.count:>9,}  {defect.code:<{width}}  {example}"
    yield ""


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _span(first: str, last: str) -> str:
    return f"{first} to {last}" if first else "no dates" + " " * (24 - len("no dates"))

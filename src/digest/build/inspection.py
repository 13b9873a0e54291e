"""`digest inspect FILE`: how a file is read, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from digest.build.export import format_time
from digest.build.scan import Found, read
from digest.errors import ContentError, Location, Problem
from digest.loaders import Reader, trace
from digest.model import Loaded, SourceFile, Trace
from digest.taxonomy import TopicRules, classify

if TYPE_CHECKING:
    from digest.config import SiteConfig


class Inspection(Struct, frozen=True):
    """What became of one file: the version and its text, how it was read, or the problem."""

    path: str
    loaded: Loaded | None
    trace: Trace | None
    problem: Problem | None


def inspect_file(place: Path, config: SiteConfig) -> Inspection:
    """Reads one file as a build would. Raises ContentError where there is no such file."""
    if not place.exists():
        raise ContentError("no such file", Location(str(place)))
    path = _content_path(place, config)
    data = read(Found(path, str(place), "article"))
    if isinstance(data, Problem):
        return Inspection(path, None, None, data)
    reader = Reader(config.profiles, Path(config.site), config.permalinks)
    outcome, how = trace(SourceFile(path, data), reader)
    if isinstance(outcome, Problem):
        return Inspection(path, None, how, outcome)
    topics = classify(outcome.version, outcome.body.text, TopicRules(config.topics))
    version = msgspec.structs.replace(outcome.version, topics=topics)
    return Inspection(path, Loaded(version, outcome.body), how, None)


def _content_path(place: Path, config: SiteConfig) -> str:
    whole = place.resolve()
    for folder in config.content:
        if whole.is_relative_to(Path(folder).resolve()):
            return whole.relative_to(Path(folder).resolve()).as_posix()
    return place.name


def describe(inspection: Inspection) -> str:
    """The inspection as text: fields with their origins, then every piece of the body's text."""
    lines = [inspection.path]
    how, loaded = inspection.trace, inspection.loaded
    if how is not None:
        lines += ["", f"shape    {how.shape}", f"profile  {how.profile} ({how.why})"]
    if loaded is not None:
        origins = dict(how.fields) if how else {}
        lines += ["", "fields"]
        for name, value in _field_rows(loaded):
            origin = f"   ← {origins[name]}" if name in origins else ""
            lines.append(f"  {name:<10} {value}{origin}")
    if how is not None:
        lines += ["", "pieces of the body, in order"]
        for piece in how.pieces:
            rule = f" [{piece.rule}]" if piece.rule else ""
            lines.append(f"  {piece.kind:<9}{rule} {' '.join(piece.text.split())}")
    problems = loaded.version.problems if loaded else ()
    if inspection.problem is not None:
        problems = (inspection.problem, *problems)
    lines += ["", "problems" if problems else "no problems"]
    lines += [f"  {problem}" for problem in problems]
    return "\n".join(lines) + "\n"


def _field_rows(loaded: Loaded) -> list[tuple[str, str]]:
    version = loaded.version
    rows: list[tuple[str, Any]] = [
        ("source", version.source), ("key", version.key), ("link", version.link), ("title", version.title),
        ("kicker", version.kicker), ("authors", "、".join(version.authors)),
        ("published", format_time(version.published)), ("fetched", format_time(version.fetched)),
        ("lang", version.lang), ("lead", version.lead), ("hero", version.hero and version.hero.url),
        ("caption", version.hero and version.hero.caption), ("credit", version.hero and version.hero.credit),
        ("images", len(version.images)), ("links", len(version.links)),
        ("related", " ".join(link.url for link in version.related)), ("tags", "、".join(version.tags)),
        ("topics", "、".join(version.topics)), ("truncated", "yes" if version.truncated else ""),
        ("size", f"{version.size} characters"), ("former", version.former),
    ]  # fmt: skip
    return [(name, str(value)) for name, value in rows if value not in (None, "", 0)]


def as_json(inspection: Inspection) -> bytes:
    """The inspection for other programs: version, body and trace as one JSON object."""
    return msgspec.json.format(msgspec.json.encode(inspection), indent=2) + b"\n"

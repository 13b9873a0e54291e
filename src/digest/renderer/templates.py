"""The theme: templates and static files, the site's own over the packaged default, file by file.

This is where the renderer meets the disk, and the only place. A theme is read once and is
a value from then on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from digest.errors import Location, RenderError
from digest.places import packaged_theme

CHROME = ("chrome/head.html", "chrome/top.html", "chrome/name.html", "chrome/foot.html")
"""What stands on every page and differs only with the page's depth; rendered once for each depth."""


def load_theme(templates: Path | str = "", static: Path | str = "") -> Theme:
    """The default theme under the site's own `templates` and `static` folders, which need not exist."""
    default_templates, default_static = packaged_theme()
    sources = _overlay(default_templates, templates)
    files = _overlay(default_static, static)
    return Theme(
        {n: (str(path), _decode(path, data)) for n, (path, data) in sources.items() if n.endswith(".html")},
        {name: data for name, (_, data) in files.items()},
    )


def _overlay(default: Path, own: Path | str) -> dict[str, tuple[Path, bytes]]:
    """Every file of both folders by name, the site's own in place of the default's."""
    return dict(sorted({**_read_folder(default), **(_read_folder(Path(own)) if own else {})}.items()))


def _read_folder(folder: Path) -> dict[str, tuple[Path, bytes]]:
    """Every file below `folder` by its path relative to it; hidden files and folders are left out."""
    found: dict[str, tuple[Path, bytes]] = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file():
                found[path.relative_to(folder).as_posix()] = (path, path.read_bytes())
    return found


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RenderError("a template must be UTF-8", Location(str(path), line)) from None


class Theme:
    """Template sources and static files by name. `sources` maps a name to (file, text)."""

    def __init__(self, sources: Mapping[str, tuple[str, str]], static: Mapping[str, bytes]) -> None:
        self.sources = sources
        self._static = static
        self._closures: dict[str, str] = {}
        self._references: dict[str, set[str | None]] = {}

    @cached_property
    def static(self) -> dict[str, str]:
        """Where each static file stands in the site, relative to its root. A stylesheet's name
        holds a digest of its content, so that it can be cached for ever; others keep theirs,
        for hosts look for `CNAME` and `favicon.svg` by name."""
        return {n: _hashed(n, data) if n.endswith(".css") else n for n, data in self._static.items()}

    def static_files(self) -> Iterator[tuple[str, bytes]]:
        """Every static file: its address (starting with `/`) and its bytes."""
        for name, data in self._static.items():
            yield f"/{self.static[name]}", data

    @cached_property
    def digest(self) -> str:
        """Digest over every template and static file."""
        state = blake2b(digest_size=16)
        for name, (_, text) in self.sources.items():
            _add(state, name.encode(), text.encode())
        for name, data in self._static.items():
            _add(state, name.encode(), data)
        return state.hexdigest()

    def closure_digest(self, template: str) -> str:
        """Digest over a template, the chrome, everything these extend, include or import, and
        the names of the static files. A template that names another at run time depends on all.

        Raises `RenderError` if one of them is not a valid template.
        """
        known = self._closures.get(template)
        if known is None:
            state = blake2b(digest_size=16)
            for name in sorted(self._closure(template)):
                if name in self.sources:
                    _add(state, name.encode(), self.sources[name][1].encode())
            for name, place in self.static.items():
                _add(state, name.encode(), place.encode())
            known = self._closures[template] = state.hexdigest()
        return known

    def _closure(self, template: str) -> set[str]:
        found: set[str] = set()
        waiting = [template, *CHROME]
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            if name in self.sources:
                named = self._named(name)
                if None in named:
                    return set(self.sources)
                waiting += sorted(other for other in named if other is not None)
        return found

    def _named(self, name: str) -> set[str | None]:
        """The templates a template names; None stands for one named at run time."""
        known = self._references.get(name)
        if known is None:
            known = self._references[name] = self._find_references(name)
        return known

    def _find_references(self, name: str) -> set[str | None]:
        from jinja2 import Environment, TemplateSyntaxError, meta  # noqa: PLC0415 - a build with nothing to do

        path, text = self.sources[name]
        try:
            return set(meta.find_referenced_templates(Environment(autoescape=True).parse(text)))
        except TemplateSyntaxError as error:
            raise RenderError(f"template {name}: {error.message}", Location(path, error.lineno)) from None


def _hashed(name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{blake2b(data, digest_size=4).hexdigest()}{dot}{suffix}"


def _add(state: blake2b, *parts: bytes) -> None:
    for part in parts:
        state.update(len(part).to_bytes(8, "little"))
        state.update(part)

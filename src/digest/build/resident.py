"""A site kept in memory while it is edited, whose pages are rendered when they are asked for.

A change is taken up in the least that makes what is shown right:

    an article                  its file is read anew, and its page takes the place of the old one
    a curator's file            the stories are laid out anew over what the articles gave
    template or static file     the theme is read anew
    anything else               the content folders are walked, and the whole edition is assembled

Where the least leaves something open (whether a text that changed still belongs to its story), `take_up`
says so, and a call with nothing changed settles it.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from digest.build import scan
from digest.build.accounts import Edition, find_assets, list_problems
from digest.build.assembling import put_together, read_curated
from digest.build.bodies import BodyReader
from digest.build.crew import Crew, count_cores
from digest.build.desk import Brief, hire
from digest.build.patching import replace_version
from digest.build.reading import hash_files, read_articles, reread_articles
from digest.build.run import FEW, Options, Run, be_silent
from digest.build.store import Store
from digest.build.stories import Teller
from digest.errors import DigestError
from digest.places import cache_folder, is_curator_path, left_out, theme_folders
from digest.renderer.plan import Atlas
from digest.renderer.render import Renderer
from digest.renderer.templates import load_theme
from digest.taxonomy import complete

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from digest.build.bodies import Place
    from digest.build.reading import Readings
    from digest.config import SiteConfig
    from digest.errors import Problem
    from digest.model import Body
    from digest.renderer.templates import Theme

_AT_ONCE = 20
"""Articles that are read anew one by one; where more changed, all is assembled anew at once."""


_APART = 2
"""Processes that settle what is left; a crew of one would do it in this one."""


class Resident:
    """The newest edition of one configuration. `shown` is replaced as a whole when something changed."""

    def __init__(self, config: SiteConfig, now: datetime | None = None) -> None:
        """Reads everything. Raises DigestError where the site cannot be built."""
        with _uncollected():
            self._read_all(config, now)
        gc.freeze()  # what stays for long is not looked through for cycles every time: 0.1 s

    def _read_all(self, config: SiteConfig, now: datetime | None) -> None:
        self.config = config
        self._options = Options(forks=False, now=now)
        self._left: frozenset[str] = frozenset()
        self._is_unsettled = False
        files = self._walk()
        theme = load_theme(config.templates, config.static)
        store = Store(cache_folder(config))
        self._brief = brief = msgspec.msgpack.encode(Brief(config, store.bodies))
        self._crew = Crew(1, hire, brief)
        self._reader = BodyReader(store.bodies)
        # What lasts for one opening only, since it cannot be kept or another build has it, stays open.
        self._store = store if store.is_temporary else None
        many = len(files) > FEW and not store.knows_readings()
        # Other threads are running: workers are spawned, for a fork could inherit a held lock.
        with Crew(count_cores() if many else 1, hire, brief, forks=False) as crew:
            run = Run(config, self._options, store, crew, be_silent)
            known = ("article", "curator") if store.knows_readings() else ("curator",)
            digests = hash_files([f for f in files if f.kind in known], crew)
            readings = read_articles(run, [f for f in files if f.kind == "article"], digests)
            self.shown = self._show(run, _assemble(run, files, readings), theme)
        if self._store is None:
            store.close()

    def close(self) -> None:
        """Closes what is open."""
        self._crew.close()
        self._reader.close()
        if self._store is not None:
            self._store.close()

    def take_up(self, changed: Collection[str]) -> bool:
        """Takes up what changed: absolute paths of files, and of folders below which anything may have.
        True where not all that follows has been worked out; a call with nothing changed does that.

        Raises DigestError where the site cannot be built; it is then as it was, and what changed is taken up
        with the next change.
        """
        changed = self._left | frozenset(changed)
        self._left = changed
        with _uncollected():
            self._take_up(changed)
        self._left = frozenset()
        return self._is_unsettled

    def _take_up(self, changed: frozenset[str]) -> None:
        folders = theme_folders(self.config)
        themed = {path for path in changed if any(Path(path).is_relative_to(folder) for folder in folders)}
        shown = self.shown
        theme = load_theme(self.config.templates, self.config.static) if themed else shown.theme
        if any(Path(folder).is_relative_to(path) for path in changed for folder in self.config.content):
            rest: dict[str, str] | None = None
        else:
            rest = self._name_all(changed - themed)
        if rest or rest is None or not changed:
            # What is left to be settled is done apart: it takes long, and its libraries much memory.
            with self._open(apart=not changed) as run:
                run.store.know_places(shown.bodies.places)
                self.shown = self._show(run, self._follow(run, rest), theme, shown)
        elif themed:
            self.shown = Shown(self.config, shown.edition, theme, shown.bodies, shown)

    def _follow(self, run: Run, changed: Mapping[str, str] | None) -> Edition:
        """The edition after files of these names (with their paths) changed, came or went; None: any may."""
        edition = self.shown.edition
        if not changed:
            return self._read_again(run, edition, () if changed is not None else None)
        if all(is_curator_path(self._relative(name)) for name in changed):
            return _lay_out(run, edition, changed)
        known = {found.path: found for found in edition.files}
        articles = [known[name] for name in changed if name in known and known[name].kind == "article"]
        if len(articles) == len(changed) <= _AT_ONCE:
            patched: Edition | None = edition
            for found in articles:
                patched = patched and replace_version(run, patched, found)
            if patched is not None:
                self._is_unsettled = True
                return patched
        return self._read_again(run, edition, changed)

    def _read_again(self, run: Run, edition: Edition, changed: Collection[str] | None) -> Edition:
        files = self._walk()
        articles = [found for found in files if found.kind == "article"]
        if changed is None:
            digests = hash_files(articles, run.crew)
            changed = [
                path for path, digest in digests.items() if edition.readings.digests.get(path) != digest
            ]
        again = _assemble(run, files, reread_articles(run, articles, edition.readings, changed))
        self._is_unsettled = False
        return again

    def _walk(self) -> tuple[scan.Found, ...]:
        config = self.config
        return scan.scan(config.content, config.ignore, is_curator_path, left_out(config))

    @cached_property
    def _folders(self) -> dict[str, str]:
        return dict(zip(self.config.content, scan.name_folders(self.config.content), strict=True))

    def _name_all(self, paths: Collection[str]) -> dict[str, str]:
        """The names of those paths in the content at which something is that counts, or was."""
        kinds = self.shown.kinds
        named = {}
        for path in paths:
            for folder, prefix in self._folders.items():
                if Path(path).is_relative_to(folder):
                    name = prefix + Path(path).relative_to(folder).as_posix()
                    # Editors come and go with files of their own.
                    is_new = name not in kinds and Path(path).exists() and not Path(path).name.startswith(".")
                    if is_new or kinds.get(name, "ignored") != "ignored":
                        named[name] = path
        return named

    def _relative(self, name: str) -> str:
        prefix = next(p for p in sorted(self._folders.values(), key=len, reverse=True) if name.startswith(p))
        return name[len(prefix) :]

    def _show(self, run: Run, edition: Edition, theme: Theme, before: Shown | None = None) -> Shown:
        return Shown(self.config, edition, theme, Bodies(self._reader, run.store.places), before)

    @contextmanager
    def _open(self, *, apart: bool) -> Iterator[Run]:
        store = self._store or Store(cache_folder(self.config))
        try:
            if store.is_temporary and store is not self._store:
                raise DigestError(
                    "another digest is building this site", hint="save once more when it is done"
                )
            if not apart:
                yield Run(self.config, self._options, store, self._crew, be_silent)
                return
            with Crew(_APART, hire, self._brief, forks=False) as crew:
                yield Run(self.config, self._options, store, crew, be_silent)
        finally:
            if store is not self._store:
                store.close()


class Shown:
    """What is shown at one time: an edition in a theme. Pages may be asked for in one other thread."""

    def __init__(
        self,
        config: SiteConfig,
        edition: Edition,
        theme: Theme,
        bodies: Bodies,
        before: Shown | None = None,
    ) -> None:
        """Takes over from what was shown `before` what did not change."""
        self._config = config
        self.edition, self.theme, self.bodies = edition, theme, bodies
        self.renderer: Renderer
        if before is not None and before.edition is edition:
            kept = {name: value for name, value in vars(before).items() if name in ("_atlas", "_assets")}
            vars(self).update(kept)
        if before is not None and before.theme.sources == theme.sources:
            self.renderer = before.renderer
            self.renderer.restyle(theme)
        else:
            self.renderer = Renderer(theme, config)

    @cached_property
    def kinds(self) -> dict[str, scan.Kind]:
        """What each file of the content is for, by its name."""
        return {found.path: found.kind for found in self.edition.files}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong with the input."""
        return list_problems(self.edition, self._assets[1])

    def find(self, path: str) -> bytes | Path | None:
        """The file at an address that names one (`/2023/11/index.html`), or where it lies.

        Raises DigestError where it cannot be rendered.
        """
        if path in self._static:
            return self._static[path]
        job = self._atlas.find(path[1:])
        if job is not None:
            bodies = {digest: self.bodies.read(digest) for digest in job.bodies}
            return self.renderer.render(job.template, job.view, bodies)
        asset = self._assets[0].get(path)
        return Path(asset.place) if asset else None

    @cached_property
    def _atlas(self) -> Atlas:
        return Atlas(self.edition.digest, self._config)

    @cached_property
    def _static(self) -> dict[str, bytes]:
        return dict(self.theme.static_files())

    @cached_property
    def _assets(self) -> tuple[dict[str, scan.Found], list[Problem]]:
        return find_assets(self.edition.digest, self.edition.files)


class Bodies:
    """The bodies of an edition, read where they lie."""

    def __init__(self, reader: BodyReader, places: Mapping[str, Place]) -> None:
        self.places, self._reader = places, reader
        reader.hold(places.values())

    def read(self, digest: str) -> Body:
        """The body with this digest. Raises DigestError where it is not there any more."""
        try:
            return self._reader.read(self.places[digest])
        except KeyError:
            hint = "save site.toml once more, and all is read anew"
            raise DigestError("another build has tidied the store up meanwhile", hint=hint) from None


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: hardly anything that is made has cycles."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _assemble(run: Run, files: tuple[scan.Found, ...], readings: Readings) -> Edition:
    curated, rejected = read_curated(files)
    readings = msgspec.structs.replace(readings, rejected=readings.rejected | rejected)
    return put_together(run, files, readings, curated)


def _lay_out(run: Run, edition: Edition, changed: Mapping[str, str]) -> Edition:
    """The edition with the curator's files as they are now."""
    known = {found.path: found for found in edition.files}
    for name, path in changed.items():
        known[name] = scan.Found(name, path, "curator")
        if not Path(path).exists():
            del known[name]
    files = tuple(known[name] for name in sorted(known))
    curated, rejected = read_curated(files)
    kept = {
        name: problem
        for name, problem in edition.readings.rejected.items()
        if name not in edition.curated.paths
    }
    readings = msgspec.structs.replace(edition.readings, rejected=kept | rejected)
    before = edition.curated
    if (curated.corrections, curated.takedowns) != (before.corrections, before.takedowns):
        return put_together(run, files, readings, curated)
    digest = complete(edition.surveyed, curated, edition.grouping, Teller(run.store, run.crew).tell_all)
    return Edition(files, readings, curated, edition.surveyed, edition.grouping, digest)

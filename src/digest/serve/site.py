"""What the server asks of a site, whichever way it is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from digest.errors import ConfigError, DigestError, Problem

if TYPE_CHECKING:
    from digest.build.accounts import Edition
    from digest.config import SiteConfig


class Resource(Struct, frozen=True):
    """One file of the site: its bytes, or where they lie. `media_type` is as HTTP has it, with the
    charset; empty where the file's name tells it."""

    body: bytes | Path
    media_type: str = ""


class Rebuilt(Struct, frozen=True):
    """What a build did: the problems of the input it worked around, and in a few words what was
    done, for the terminal (empty: only the time is told). `more` says that what is shown is right but
    not all that follows is worked out: `rebuild` is called with no paths when nothing has changed for
    a while."""

    problems: tuple[Problem, ...] = ()
    summary: str = ""
    more: bool = False


class Fault(Struct, frozen=True):
    """Why there is no newer site or page, for the overlay: one line, where, and what else may help."""

    message: str
    path: str = ""
    line: int = 0
    detail: str = ""


class Site(Protocol):
    """A site that can be looked at while it changes.

    `rebuild` is called by one thread, `find` by another, `edition` by a third, all at any time:
    until a rebuild has succeeded they answer from the state before. None is called before the first
    `rebuild` has returned or raised, `config` aside.
    """

    @property
    def config(self) -> SiteConfig:
        """The configuration that the newest attempt to build could read."""
        ...

    def rebuild(self, changed: frozenset[str]) -> Rebuilt:
        """Takes up what changed on disk: files that changed, came or went, and folders below which
        anything may have. Paths are absolute and lie below those in `config`; the first call names
        all folders, and so does one after which something may have been missed. No path at all: see
        `Rebuilt.more`.

        Raises DigestError where the site cannot be built; it is then as it was.
        """
        ...

    def find(self, path: str) -> Resource | None:
        """The file at a decoded path below the site's root, that begins with `/` and names a file
        (`/2023/11/index.html`, never `/2023/11/`; without `.`, `..` and empty parts).

        Raises DigestError where it is a page that cannot be rendered.
        """
        ...

    def edition(self) -> Edition:
        """What was read and assembled, for curating. May take its time."""
        ...


def faults_of(error: Exception, detail: str = "") -> tuple[Fault, ...]:
    """What an error says to the user, as one or several faults."""
    if isinstance(error, ConfigError):
        return tuple(Fault(f.message, f.path, f.line) for f in error.faults)
    if not isinstance(error, DigestError):
        return (Fault(f"{type(error).__name__}: {error}", detail=detail),)
    place = error.location
    hint = error.hint
    return (Fault(error.message, place.path if place else "", place.line if place else 0, hint),)

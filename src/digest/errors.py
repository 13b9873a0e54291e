"""What can go wrong, as types.

    DigestError              message, location, hint
    ├── ConfigError          site.toml or a profile; carries every fault found
    ├── ContentError         one input file that nothing could be made of
    ├── RenderError          template, line and page
    ├── RouteCollision       two jobs for one URL; names both origins
    └── PublishError         git, a remote or a folder cannot be used as given   (digest.publishing.errors)
        └── Refusal          the site is not in a state to be published, or what it would replace

A `Problem` is not an exception: it is a fault in one input that was reported
and worked around. It travels beside the result and ends in the build report.
"""

from __future__ import annotations

from msgspec import Struct


class Location(Struct, frozen=True, gc=False):
    """A place in a file the user can open. `line` counts from 1; 0 is the whole file."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Problem(Struct, frozen=True, gc=False):
    """A fault in one input file: what it is, and what was done instead.

    `code` is stable and short (`date-missing`); `message` is one line that names
    the value, what was expected and what was done, e.g.
    ``date '2020-13-01' is not a date (expected YYYY-MM-DD); used the epoch comment``.
    """

    code: str
    message: str
    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{Location(self.path, self.line)}: {self.message} [{self.code}]"


class DigestError(Exception):
    """Anything the user can mend. Only the command line catches and prints it.

    `exit_code` is 2 where something was asked for that cannot be, and 1 where it was tried in vain.
    """

    exit_code = 2

    def __init__(self, message: str, location: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{hint}"


class ConfigError(DigestError):
    """A configuration that cannot be used. `faults` holds every one found, in file order."""

    def __init__(self, faults: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f.message for f in faults))
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(f"{Location(f.path, f.line)}: {f.message}" for f in self.faults)


class ContentError(DigestError):
    """One input file that nothing could be made of."""


class RenderError(DigestError):
    """A template that failed: names the template, its line and the page."""

    exit_code = 1


class RouteCollision(DigestError):
    """Two jobs for one URL."""

    exit_code = 1

    def __init__(self, url: str, first: str, second: str) -> None:
        super().__init__(f"two pages for one address {url}: {first} and {second}")
        self.url, self.first, self.second = url, first, second

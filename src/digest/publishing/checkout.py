"""The git checkout that a site lies in: its remotes, what is not committed, how far it has come.

Nothing in it is ever changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from digest.publishing.errors import PublishError
from digest.publishing.git import Git, reason, without_secret

if TYPE_CHECKING:
    from digest.config import SiteConfig

Lineage = Literal["contained", "behind", "unknown"]
"""Whether a commit is part of what is checked out, is not, or nobody can tell."""

Source = tuple[Git, str]
"""A checkout, and the commit it stands at."""

_TRANSPORT = r"^(http|credential|url|protocol)\.|^core\.(sshcommand|gitproxy|askpass)$"


class Remote(Struct, frozen=True):
    """Where a branch is pushed to. `name` is how people know it, without passwords; `settings` are
    those of the checkout that decide how it is reached."""

    name: str
    url: str
    settings: tuple[tuple[str, str], ...] = ()


def find_checkout(folder: str) -> Git | None:
    """The checkout that `folder` lies in, if it lies in one."""
    at = Git(("-C", folder))
    code, top, told = at.attempt("rev-parse", "--show-toplevel")
    if code == 0:
        return Git(("-C", top.removesuffix("\n")))
    if "not a git repository" in told or "must be run in a work tree" in told:
        return None
    raise PublishError(f"{folder}: {reason(told)}")


def find_remote(given: str, site: str, beside: Path) -> Remote:
    """The remote that `given` means: a remote's name in the site's checkout, an address, or a path
    relative to `beside`. Raises PublishError where it means none."""
    checkout = find_checkout(site)
    settings = _transport(checkout) if checkout else ()
    url = checkout.ask("remote", "get-url", "--push", "--", given) if checkout else None
    if url and checkout:
        return Remote(given, _absolute(url, Path(checkout.place[1])), settings)
    if "/" in given or ":" in given or "\\" in given:
        return Remote(without_secret(given), _absolute(given, beside), settings)
    if not checkout:
        raise PublishError(
            f"there is no remote {given!r}, for {site} is in no git repository",
            hint="--remote takes an address or a path as well",
        )
    names = (checkout.ask("remote") or "").split()
    known = ", ".join(names) if names else "none"
    raise PublishError(f"there is no remote {given!r} in this repository (it has {known})")


def _absolute(url: str, beside: Path) -> str:
    is_address = "://" in url or (":" in url.partition("/")[0] and not Path(url).drive)
    return url if is_address else os.path.abspath(beside / Path(url).expanduser())  # noqa: PTH100 - links stay


def _transport(checkout: Git) -> tuple[tuple[str, str], ...]:
    # What is set for the user or the machine holds everywhere; told twice, a header would be sent twice.
    listed = checkout.ask("config", "--show-scope", "-z", "--get-regexp", _TRANSPORT) or ""
    fields = listed.split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    entries = [entry.partition("\n") for scope, entry in pairs if scope in ("local", "worktree")]
    return tuple((key, value if newline else "true") for key, newline, value in entries)


def find_identity(site: str) -> dict[str, str]:
    """Who commits, as the variables that git reads: the user's name where git knows one, else digest."""
    at = find_checkout(site) or Git(("-C", site))
    name, mail = at.ask("config", "user.name"), at.ask("config", "user.email")
    variables = {}
    for role in ("AUTHOR", "COMMITTER"):
        variables[f"GIT_{role}_NAME"] = os.environ.get(f"GIT_{role}_NAME") or name or "digest"
        variables[f"GIT_{role}_EMAIL"] = os.environ.get(f"GIT_{role}_EMAIL") or mail or "digest@localhost"
    return variables


def find_uncommitted(config: SiteConfig) -> tuple[str, ...]:
    """Files that the site is made of and that a checkout has not committed, by their paths there."""
    home = Path(config.site)
    own = [home / "site.toml", Path(config.templates), Path(config.static), *map(Path, config.hooks)]
    found: dict[str, None] = {}
    for place in (*map(Path, config.content), *own):
        folder = place if place.is_dir() else place.parent
        if place.exists() and (checkout := find_checkout(str(folder))):
            # What digest itself writes may lie in a content folder, and need not be ignored there.
            without = [Path(config.output), home / ".digest"]
            found |= dict.fromkeys(_uncommitted(checkout, place, without))
    return tuple(sorted(found))


def _uncommitted(checkout: Git, place: Path, without: Sequence[Path]) -> Iterator[str]:
    top = Path(checkout.place[1])
    # A file may itself be a link, and then it is the link that is committed.
    real = place.resolve() if place.is_dir() else place.parent.resolve() / place.name
    inside = real.relative_to(top.resolve())
    inner = (folder.resolve() for folder in without if folder.resolve().is_relative_to(top.resolve()))
    outside = (f":(top,exclude,literal){folder.relative_to(top.resolve()).as_posix()}" for folder in inner)
    # "." would be taken for a name that no file has.
    paths = (f":(top,literal){inside.as_posix()}" if inside.parts else ":(top)", *outside)
    listed = checkout.run(
        "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", *paths
    )
    for entry in listed.split("\0"):
        if entry:
            yield entry[3:]


def find_source(config: SiteConfig) -> Source | None:
    """The checkout of the content, else of the site, with the commit it stands at."""
    for folder in (*config.content, config.site):
        if checkout := find_checkout(folder):
            head = checkout.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
            return (checkout, head) if head else None
    return None


def trace(source: Source | None, commit: str) -> Lineage:
    """How `commit` stands to what is checked out."""
    if source is None or not commit:
        return "unknown"
    checkout, head = source
    if checkout.code("merge-base", "--is-ancestor", commit, head) == 0:
        return "contained"
    is_whole = checkout.ask("rev-parse", "--is-shallow-repository") == "false"
    return "behind" if is_whole else "unknown"

"""A site, a bare repository it is published to, and somebody else who works on the branch too."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from sites import Site

from digest.cli_publish import publish
from digest.errors import DigestError

SOMEBODY = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "某人"), ("EMAIL", "somebody@example.org"))
}
NOBODY = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")


@dataclass(frozen=True)
class Told:
    """What a command said. Both outputs without the last line's end."""

    code: int
    out: str
    err: str


def git(*arguments: str | Path, cwd: Path, text: str = "") -> str:
    """Run git as somebody with a name, and give what it prints."""
    done = subprocess.run(
        ["git", *map(str, arguments)], cwd=cwd, input=text, capture_output=True, text=True, check=False,
        env={**os.environ, **SOMEBODY},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


def run_publish(*arguments: str | Path) -> Told:
    """Run `digest publish` in this process, with the exit codes of the command line."""
    done = CliRunner().invoke(publish, list(map(str, arguments)), prog_name="digest")
    if isinstance(done.exception, DigestError):
        return Told(done.exception.exit_code, done.stdout.rstrip("\n"), str(done.exception))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Told(done.exit_code, done.stdout.rstrip("\n"), done.stderr.rstrip("\n"))


@dataclass(frozen=True)
class Remote:
    """A site and the bare repository it is published to."""

    site: Site
    bare: Path
    branch: str = "gh-pages"

    def publish(self, *arguments: str | Path, to: Path | None = None) -> Told:
        """Publish the site, to the bare repository if to nowhere else."""
        return run_publish("--site", self.site.root, "--remote", to or self.bare, *arguments)

    def log(self) -> list[str]:
        """The subjects of the branch's commits, newest first."""
        return git("log", "--format=%s", self.branch, "--", cwd=self.bare).splitlines()

    def tip(self) -> str:
        """The newest commit."""
        return git("rev-parse", self.branch, cwd=self.bare)

    def files(self) -> dict[str, bytes]:
        """What the branch holds."""
        names = git("ls-tree", "-r", "-z", "--name-only", self.branch, cwd=self.bare).split("\0")
        command = ["git", "cat-file", "blob"]
        return {
            name: subprocess.check_output([*command, f"{self.branch}:{name}"], cwd=self.bare)
            for name in names
            if name
        }

    def clone(self, place: Path) -> Path:
        """Somebody else's clone of the branch."""
        git("clone", "--quiet", "--branch", self.branch, self.bare, place, cwd=self.bare)
        return place

    def push_by_hand(self, place: Path, *commit: str) -> str:
        """Somebody edits a page on the branch and pushes that; gives the commit."""
        clone = self.clone(place)
        (clone / "index.html").write_text("改过了", "utf-8")
        git("commit", "--quiet", "--all", *(commit or ("--message=手改",)), cwd=clone)
        git("push", "--quiet", "--force", "origin", self.branch, cwd=clone)
        return self.tip()

    def commit_sources(self) -> None:
        """Put the site's own files into a repository, or what has changed of them."""
        if not (self.site.root / ".git").exists():
            git("init", "--quiet", "--initial-branch=main", cwd=self.site.root)
            self.site.write(".gitignore", "public/\n.digest/\n")
        git("add", "--all", cwd=self.site.root)
        git("commit", "--quiet", "--allow-empty", "--message=稿件", cwd=self.site.root)


def make_remote(site: Site, place: Path, patch: pytest.MonkeyPatch) -> Remote:
    """A remote for a site, on a machine where git knows nobody."""
    for name in NOBODY:
        patch.setenv(name, os.devnull)
    place.mkdir()
    git("init", "--quiet", "--bare", cwd=place)
    return Remote(site, place)

"""Runs git, and turns what it says into one line."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Sequence

from msgspec import Struct

from digest.publishing.errors import PublishError

_SURROUNDINGS = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"),
    *(
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE",
        "GIT_PREFIX",
        "GIT_GRAFT_FILE",
        "GIT_SHALLOW_FILE",
    ),
)
"""What a hook of another repository would have set."""
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")


class Git(Struct, frozen=True):
    """Git at one place: `("-C", folder)` or `("--git-dir", folder)`. `settings` go before all files of
    configuration, and never stand on a command line, where others could read a secret in them."""

    place: tuple[str, str]
    settings: tuple[tuple[str, str], ...] = ()

    def run(self, *arguments: str, stdin: bytes | None = None, **variables: str) -> str:
        """What git prints. Raises PublishError with git's own reason."""
        done = self._run(arguments, stdin, variables)
        if done.returncode:
            raise PublishError(f"git {arguments[0]} failed: {reason(done.stderr)}")
        return _text(done.stdout)

    def ask(self, *arguments: str) -> str | None:
        """What git prints without the line's end; None where it answers with an error."""
        done = self._run(arguments, None, {})
        return None if done.returncode else _text(done.stdout).rstrip("\n")

    def code(self, *arguments: str) -> int:
        """The exit code."""
        return self._run(arguments, None, {}).returncode

    def feed(self, *arguments: str, stdin: Iterable[bytes]) -> None:
        """Runs git with a stream as its input. Raises PublishError with git's own reason."""
        with self._open(arguments, {}) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            try:
                for chunk in stdin:
                    process.stdin.write(chunk)
                process.stdin.close()
            except BrokenPipeError:
                pass  # git has given up, and says why
            told = process.stderr.read()
        if process.returncode:
            raise PublishError(f"git {arguments[0]} failed: {reason(told)}")

    def attempt(self, *arguments: str) -> tuple[int, str, str]:
        """The exit code and both outputs."""
        done = self._run(arguments, None, {})
        return done.returncode, _text(done.stdout), _text(done.stderr)

    def _run(
        self, arguments: Sequence[str], stdin: bytes | None, variables: dict[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        with self._open(arguments, variables) as process:
            out, err = process.communicate(stdin)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def _open(self, arguments: Sequence[str], variables: dict[str, str]) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        command = ["git", "--no-optional-locks", *self.place, *arguments]
        try:
            return subprocess.Popen(  # noqa: S603 - fixed commands, and no shell
                command, stdin=pipe, stdout=pipe, stderr=pipe, env=self._environment() | variables
            )
        except FileNotFoundError:
            raise PublishError("git is not installed (expected a program 'git')") from None

    def _environment(self) -> dict[str, str]:
        environment = {name: value for name, value in os.environ.items() if name not in _SURROUNDINGS}
        first = int(environment.get("GIT_CONFIG_COUNT") or 0)
        for number, (key, value) in enumerate(self.settings, start=first):
            environment[f"GIT_CONFIG_KEY_{number}"] = key
            environment[f"GIT_CONFIG_VALUE_{number}"] = value
        environment["GIT_CONFIG_COUNT"] = str(first + len(self.settings))
        return environment | {"LC_ALL": "C", "LANGUAGE": ""}


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")


def reason(told: bytes | str) -> str:
    """The line of git's messages that says what is wrong, without what may be a secret in an address."""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for start in ("remote: error:", "fatal:", "error:"):
        for line in lines:
            if line.startswith(start):
                return without_secret(line.removeprefix("remote:").strip().partition(": ")[2])
    return without_secret(lines[-1]) if lines else "it did not say why"


def without_secret(text: str) -> str:
    """A text with the user and password left out of its addresses."""
    return _SECRET.sub("", text)

"""Comfort in the shell: completion, -C, NO_COLOR, the manual page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from test_cli import run

from digest.cli import cli

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = Path(sys.executable).parent


def commands(group: click.Group, above: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{above} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{above} {name}")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script(shell: str) -> None:
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_DIGEST_COMPLETE={shell}_complete" in done.stdout
    if shutil.which(shell):
        assert subprocess.run([shell, "-n"], input=done.stdout, text=True, check=False).returncode == 0


def test_a_shell_that_is_not_known() -> None:
    done = run("completion", "tcsh")
    assert done.returncode == 2
    assert "'bash', 'zsh', 'fish'" in done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["digest", "ini"], {"init"}),
        (["digest", "new", ""], {"article", "edition", "source", "thread"}),
        (["digest", "completion", ""], {"bash", "fish", "zsh"}),
        (["digest", "init", "--gi"], {"--github"}),
    ],
)
def test_bash_completes(words: list[str], expected: set[str]) -> None:
    if not shutil.which("bash") or not (SCRIPT / "digest").exists():
        pytest.skip("no bash, or digest is not installed")
    script = (
        f'eval "$(digest completion bash)"; COMP_WORDS=({" ".join(words[:-1])} "{words[-1]}"); '
        f'COMP_CWORD={len(words) - 1}; _digest_completion digest; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    path = f"{SCRIPT}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) == expected


def test_c_goes_to_a_folder_first_and_may_be_repeated(tmp_path: Path) -> None:
    (tmp_path / "a/b/content").mkdir(parents=True)
    done = run("-C", "a", "-C", "b", "build", cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "a/b/public/index.html").is_file()


@pytest.mark.parametrize(
    ("folder", "why"), [("gone", "No such file or directory"), ("file", "Not a directory")]
)
def test_c_with_what_is_no_folder(folder: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = run("-C", folder, "build", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, f"digest: -C {folder}: {why}\n")


@pytest.mark.parametrize(("value", "is_coloured"), [("1", False), ("", True)])
def test_no_color(value: str, is_coloured: bool) -> None:
    @cli.command("paint", hidden=True)
    def paint() -> None:
        click.secho("x", fg="red")

    try:
        shown = CliRunner().invoke(cli, ["paint"], env={"NO_COLOR": value}, color=True).output
    finally:
        del cli.commands["paint"]
    assert ("\x1b[" in shown) is is_coloured


def test_the_manual_page_holds_every_command_and_option() -> None:
    source = subprocess.run(
        [sys.executable, ROOT / "tools/man_page.py"], capture_output=True, text=True, check=True
    ).stdout
    plain = source.replace("\\-", "-").replace("\\e", "\\")
    for name, command in commands(cli, "digest"):
        if command.hidden:
            continue
        assert f"\n.SS {name}" in plain
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert max(option.opts, key=len) in plain
    for heading in ("NAME", "SYNOPSIS", "COMMANDS", "ENVIRONMENT", "EXIT STATUS", "FILES"):
        assert f"\n.SH {heading}\n" in source
    assert "\b" not in source
    if shutil.which("groff"):
        command_line = ["groff", "-man", "-ww", "-z", "-Kutf8", "-Tutf8"]
        linted = subprocess.run(command_line, input=source, capture_output=True, text=True, check=True)
        assert linted.stderr == ""

"""What README and the other documents say exists, exists; and what exists is said."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import msgspec
import pytest

from digest.cli import cli
from digest.config import load_config
from digest.grouping.fold import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("benchmarks/*.md")),
]
COMMANDS = {name: command for name, command in cli.commands.items() if not command.hidden}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of README, its header left out."""
    section = re.split(r"^##+ ", README.partition(f"## {heading}\n")[2], maxsplit=1, flags=re.M)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_readme_lists_the_commands_and_no_others() -> None:
    listed = {match[1] for row in rows("Commands") if (match := re.match(r"`digest (\w+)", row[0]))}
    assert listed == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_readme_lists_each_option_of_a_command_and_no_others(name: str) -> None:
    listed = {
        match[1]
        for row in rows("Options")
        if name in row[1].split(", ") and (match := re.match(r"`(--[\w-]+)", row[0]))
    }
    real = {
        option
        for parameter in COMMANDS[name].params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for option in parameter.opts
        if option.startswith("--")
    }
    assert listed == real


def test_every_make_target_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:`|^ *)make (\w+)", document.read_text("utf-8"), re.M))
        assert named <= targets, document.name


def test_readme_starts_with_two_commands_and_a_picture() -> None:
    opening = README.partition("\n## ")[0]
    assert re.findall(r"^make \w+", opening, re.M) == ["make demo", "make test"]
    assert "](docs/screenshot.png)" in opening


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text("utf-8"), flags=re.S)
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text):
            assert (document.parent / target).exists(), f"{document.name} links {target}"


def test_the_configuration_that_readme_shows_is_valid(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.S)
    (tmp_path / "site.toml").write_text(block, "utf-8")
    (tmp_path / "content").mkdir()
    config = load_config(tmp_path)
    assert config.title == tomllib.loads(block)["title"]


def test_the_thresholds_of_stories_are_those_of_the_manual() -> None:
    manual = (ROOT / "docs" / "pages" / "threads.md").read_text("utf-8")
    table = manual.partition("| setting | default |")[2].partition("\n\n")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", table, re.M))
    assert told == {name: str(value) for name, value in msgspec.structs.asdict(Settings()).items()}


def test_the_changelog_has_an_entry_for_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_benchmark_is_listed() -> None:
    listed = (ROOT / "benchmarks" / "README.md").read_text("utf-8")
    scripts = [path for path in ROOT.glob("benchmarks/*.py") if "__main__" in path.read_text("utf-8")]
    assert [path.name for path in scripts if f"| `{path.name}` |" not in listed] == []

"""Who may import whom: the table of docs/pages/architecture.md, held by reading the imports."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "digest"
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    """`digest.text.html` is in `text`; `digest` itself only names the version."""
    return module.partition(".")[2].partition(".")[0]


def imported(file: Path) -> list[str]:
    """Every module of digest that a file imports, wherever in the file it does so."""
    modules: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: imports are absolute"
            base = node.module or ""
            modules += [f"{base}.{alias.name}" for alias in node.names] if base == "digest" else [base]
    return [module for module in modules if module.startswith("digest.")]


def rooms() -> dict[str, set[str]]:
    """Each room with the rooms it may import, as the table in docs/pages/architecture.md has them."""
    text = (ROOT / "docs" / "pages" / "architecture.md").read_text("utf-8")
    table = re.findall(r"^\| ((?:`[\w/ ]+`[ ,]*)+)\|[^|\n]*\|([^|\n]*)\|$", text, re.M)
    allowed: dict[str, set[str]] = {}
    for names, rule in table:
        members = re.findall(r"[\w]+", names)
        named = {name for name in re.findall(r"\w+", rule) if name in allowed or name in members}
        above = "the above" in rule or "everything" in rule
        for name in members:
            allowed[name] = {*members, *(allowed if above else named)}
    return allowed


ROOMS = rooms()


def test_the_table_names_every_room() -> None:
    present = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert present - {"__init__", "__main__"} == set(ROOMS)


MIDDLE = ["loaders", "taxonomy", "renderer", "grouping"]


@pytest.mark.parametrize("room", MIDDLE)
def test_the_middle_rooms_do_not_know_each_other(room: str) -> None:
    assert not ROOMS[room] & ({*MIDDLE, "build", "serve", "cli"} - {room})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_imports_stay_in_their_rooms(file: Path) -> None:
    if file.name == "__main__.py":
        return
    room = file.relative_to(PACKAGE).with_suffix("").parts[0]
    foreign = [module for module in imported(file) if room_of(module) not in {room, *ROOMS.get(room, ())}]
    # The version is digest's own, and everyone's.
    assert [module for module in foreign if module != "digest.__version__"] == []


def test_only_the_command_line_prints_or_exits() -> None:
    calls = {"print", "exit", "quit"}
    found = [
        f"{file.relative_to(PACKAGE)}:{node.lineno}"
        for file in FILES
        if file.name != "cli.py"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in calls
    ]
    assert found == []


@pytest.mark.parametrize("room", ["text", "taxonomy", "grouping"])
def test_pure_rooms_read_neither_clock_nor_environment(room: str) -> None:
    impure = {"os", "time", "random", "subprocess", "socket"}
    for file in FILES:
        if file.relative_to(PACKAGE).parts[0] != room:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not impure & {name.partition(".")[0] for name in names}, file
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"now", "utcnow", "today"}, f"{file}:{node.lineno}"

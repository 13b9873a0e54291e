"""docs/pages/sources.md, the manual for who adds an outlet, says what the code does."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from digest.loaders import Reader, trace
from digest.model import Loaded, SourceFile
from digest.sources import profile as profiles
from digest.sources import read_builtin, resolve

MANUAL = (Path(__file__).parent.parent / "docs/pages/sources.md").read_text(encoding="utf-8")
TABLES = dict(re.findall(r"^### (\w+)\n(.*?)(?=^#|\Z)", MANUAL, re.M | re.S))


@pytest.mark.parametrize("name", TABLES)
def test_every_key_of_a_table_is_explained_and_no_other(name: str) -> None:
    documented = re.findall(r"^\| `(\w+)` \|", TABLES[name], re.M)
    fields = [field.name for field in msgspec.structs.fields(getattr(profiles, name))]
    assert sorted(documented) == sorted(fields)


def test_every_table_of_a_profile_is_in_the_manual() -> None:
    types = {
        name
        for name, value in vars(profiles).items()
        if isinstance(value, type) and issubclass(value, msgspec.Struct) and value is not msgspec.Struct
    }
    assert types == TABLES.keys()


@pytest.mark.parametrize(
    "example", re.findall(r"^```toml\n(.*?)^```", MANUAL, re.M | re.S), ids=lambda text: text.split("\n")[0]
)
def test_every_example_is_a_valid_profile(example: str) -> None:
    builtin = read_builtin()
    for slug, table in tomllib.loads(example)["sources"].items():
        parent = next((p for p in builtin if p.slug == slug), None)
        known = {"name": slug} if parent is None else {}
        resolve(known | table | {"slug": slug}, builtin)


def test_the_worked_example_reads_its_page() -> None:
    page = re.findall(r"^```html\n(.*?)^```", MANUAL, re.M | re.S)[0]
    table = tomllib.loads(re.findall(r"^```toml\n(.*?)^```", MANUAL, re.M | re.S)[0])["sources"]["herald"]
    reader = Reader((*read_builtin(), resolve(table | {"slug": "herald"}, read_builtin())), None)
    head = "<!--1596800000000-->\n[The ferry stops](https://www.herald.example/story/7/the-ferry)\n------\n\n"
    loaded, traced = trace(SourceFile("a.md", (head + page).encode()), reader)
    assert isinstance(loaded, Loaded)
    assert traced is not None
    version = loaded.version
    assert (version.source, version.key) == ("herald", "key:7")
    assert version.authors == ("Lin Yizhou", "Chen Wang")
    assert version.published == datetime(2020, 8, 5, 9, 21, tzinfo=UTC)
    assert version.lead == "The ferry stops on Friday."
    assert version.hero is not None
    assert (version.hero.caption, version.hero.credit) == ("The ferry.", "M. Reed")
    assert loaded.body.text == "The ferry stops on Friday.\nThe last boat leaves at six."
    stripped = {piece.rule for piece in traced.pieces if piece.kind == "stripped"}
    assert {"newsletter", "copyright", "dateline"} <= stripped

"""Outlets as data: the ones shipped with digest are sound, and profiles extend one another."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from digest import sources
from digest.errors import ConfigError
from digest.schema import check, dotted
from digest.site_file import CHECKS
from digest.sources import FOLDER, builtin_slugs, checks, clashes, profile, read_builtin, resolve
from digest.sources.profile import Profile, StripRule

CATALOGUE = (
    "bbc bitter caains cctv cdt chengzhai chinafile cna dw economist epoch ft huli initium iyouport matters "
    "medium neist nyt paopao reuters rfa rfi rti solidot voa wqw yanjing zaobao"
)

PARENT = Profile(
    slug="parent",
    name="母报",
    names=("Mother",),
    domains=("mother.example",),
    homepage="https://mother.example/",
    timezone="Asia/Tokyo",
    url=profile.UrlRule(key=r"/(\d+)", section="/([a-z]+)/"),
    strip=(StripRule(rule="ad", css="div.ad"),),
    lead=("p.lead",),
)

# --- the outlets that come with digest -----------------------------------------------------------


def test_every_outlet_of_the_catalogue_is_there() -> None:
    assert builtin_slugs() >= set(CATALOGUE.split())
    assert [p.slug for p in read_builtin()] == sorted(builtin_slugs())


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_built_in_outlet_has_no_fault(path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    partial = bool(table.get("extends"))
    assert [f"{dotted(f.key)}: {f.message}" for f in check(table, Profile, CHECKS, partial=partial)] == []


def test_no_two_outlets_claim_one_name_or_domain() -> None:
    assert clashes(read_builtin()) == ()


BLANKS = ("\u00a0" * 40 + "x") * 8
HAYSTACKS = (
    BLANKS,
    " " * 400,
    "法广电 " * 150,
    "a" * 400,
    "https://www.rfi.fr/cn/" + "a/-" * 150,
    "（" * 300,
    "2020" * 99,
)


def regexes() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    fields = {key for key, is_wrong in CHECKS.values.items() if is_wrong is checks.is_no_regex}

    def collect(value: object, where: str) -> None:
        if isinstance(value, Struct):
            for name in value.__struct_fields__:
                item = getattr(value, name)
                if (type(value), name) in fields:
                    found.extend((where, r) for r in (item if isinstance(item, tuple) else (item,)) if r)
                collect(item, where)
        elif isinstance(value, tuple):
            for item in value:
                collect(item, where)

    for outlet in read_builtin():
        collect(outlet, outlet.slug)
    return found


def test_no_regex_runs_away_on_long_runs() -> None:
    slow = []
    for slug, regex in regexes():
        pattern = re.compile(regex, re.S)
        started = time.process_time()
        for text in HAYSTACKS:
            pattern.search(text)
        if time.process_time() - started > 0.1:
            slow.append((slug, regex))
    assert slow == []


def test_every_text_of_a_profile_is_checked_or_known_to_be_plain() -> None:
    plain = {
        "DateRule.attr", "StripRule.rule", "AuthorRule.attr", "HeroRule.caption_attr", "UrlRule.keep_query",
        "Profile.name", "Profile.names", "Profile.extends",
    }  # fmt: skip
    kinds = [
        k for k in vars(profile).values() if isinstance(k, type) and issubclass(k, Struct) and k is not Struct
    ]
    texts = {
        (kind, field.name)
        for kind in kinds
        for field in msgspec.structs.fields(kind)
        if field.type in (str, tuple[str, ...], tuple[tuple[str, str], ...])
    }
    assert {f"{kind.__name__}.{name}" for kind, name in texts - set(checks.VALUES)} == plain


# --- extending -----------------------------------------------------------------------------------


def test_a_child_keeps_what_it_does_not_say() -> None:
    child = resolve(
        {
            "slug": "child", "name": "子报", "extends": "parent",
            "url": {"section": "x"}, "strip": [{"rule": "own", "css": "i"}], "lead": ["b", "p.lead"],
        },
        [PARENT],
    )  # fmt: skip
    assert (child.timezone, child.url.key, child.url.section) == ("Asia/Tokyo", r"/(\d+)", "x")
    assert [rule.rule for rule in child.strip] == ["own", "ad"]
    assert child.lead == ("b", "p.lead")
    assert (child.slug, child.name, child.names, child.domains, child.homepage) == (
        "child",
        "子报",
        (),
        (),
        "",
    )


def test_a_table_with_a_known_slug_mends_that_outlet() -> None:
    mended = resolve({"slug": "parent", "timezone": "UTC", "names": ["Mama"]}, [PARENT])
    assert (mended.name, mended.timezone, mended.names) == ("母报", "UTC", ("Mama", "Mother"))
    assert resolve({"slug": "parent", "name": "新", "extends": ""}, [PARENT]) == Profile(
        slug="parent", name="新"
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"slug": "a", "name": "x", "extends": "nobody"}, "extends 'nobody' is not a known profile"),
        ({"slug": "a", "name": "x", "colour": 1}, "unknown field `colour`"),
        ({"slug": "a", "name": "x", "strip": [{"rule": 5}]}, "strip[0].rule Expected `str`"),
    ],
)
def test_a_table_that_does_not_fit_is_told_by_its_key(table: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(table, [PARENT])
    assert message in str(caught.value)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sources, "FOLDER", tmp_path)
    monkeypatch.setattr(sources, "read_builtin", read_builtin.__wrapped__)
    monkeypatch.setattr(sources, "builtin_slugs", builtin_slugs.__wrapped__)
    return tmp_path


def test_built_in_outlets_may_extend_one_another(folder: Path) -> None:
    (folder / "a.toml").write_text('name = "A"\nextends = "b"', "utf-8")
    (folder / "b.toml").write_text('name = "B"\ntimezone = "Asia/Tokyo"', "utf-8")
    assert [(p.slug, p.timezone) for p in sources.read_builtin()] == [
        ("a", "Asia/Tokyo"),
        ("b", "Asia/Tokyo"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "A', "not valid TOML"),
        ('name = "A"\nslug = "b"', "slug 'b' is not the name of its file"),
        ('name = "A"\nextends = "b"', "extends leads nowhere or in a circle in: a"),
    ],
)
def test_a_broken_file_is_told(folder: Path, text: str, message: str) -> None:
    (folder / "a.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=re.escape(message)):
        sources.read_builtin()


def test_clashes_see_through_case_and_www() -> None:
    one = Profile(slug="one", name="Eins", domains=("www.one.example",))
    two = Profile(slug="two", name="Zwei", names=("EINS", "one"), domains=("m.one.example",))
    assert clashes([one, two]) == (
        ("two", "domains", "'m.one.example' belongs to the outlet 'one' already"),
        ("two", "names", "'EINS' belongs to the outlet 'one' already"),
        ("two", "names", "'one' belongs to the outlet 'one' already"),
    )

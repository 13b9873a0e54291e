"""site.toml: its defaults, its faults with their lines, and its manual."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config import SiteConfig, load_config, read_default_topics
from digest.errors import ConfigError
from digest.permalinks import Permalinks
from digest.places import cache_folder
from digest.schema import check, dotted
from digest.site_file import (
    Check,
    Feeds,
    Lists,
    Publish,
    Redirects,
    SiteFile,
    Threads,
    TopicRule,
    read_site_file,
)
from digest.toml_lines import Lines, parse

MANUAL = (Path(__file__).parent.parent / "docs" / "pages" / "configuration.md").read_text("utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "文摘"
    (folder / "content").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def load(text: str, **options: object) -> SiteConfig:
    Path("site.toml").write_text(text, "utf-8")
    return load_config(Path(), **options)  # type: ignore[arg-type]


def faults(text: str, **options: object) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(text, **options)
    return str(caught.value).split("\n")


# --- what is read -------------------------------------------------------------------------------


def test_a_folder_without_site_toml_has_defaults(site: Path) -> None:
    config = load_config(site)
    assert (config.title, config.url, config.base_path) == ("文摘", "", "/")
    assert (config.timezone, config.language, config.canonical) == ("Asia/Shanghai", "zh-Hans", "self")
    assert config.content == (str(site / "content"),)
    assert (config.output, config.templates) == (str(site / "public"), str(site / "templates"))
    assert config.topics == read_default_topics()
    assert "rfi" in {profile.slug for profile in config.profiles}


def test_paths_are_relative_to_where_they_stand(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "site.toml").write_text('content = ["a", "b"]\noutput = "../out"', "utf-8")
    for name in ("a", "b", "elsewhere/texts"):
        (site / name).mkdir(parents=True)
    monkeypatch.chdir(site / "elsewhere")
    config = load_config(Path(".."))
    assert config.content == (str(site / "a"), str(site / "b"))
    assert config.output == str(site.parent / "out")
    config = load_config(Path(".."), content=[Path("texts")], output=Path("web"))
    assert config.content == (str(site / "elsewhere/texts"),)
    assert config.output == str(site / "elsewhere/web")


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example", ("https://a.example", "/")),
        ("https://a.example/b/c/", ("https://a.example/b/c", "/b/c/")),
    ],
)
def test_the_base_path_is_that_of_the_url(url: str, expected: tuple[str, str]) -> None:
    config = load(f'url = "{url}"')
    assert (config.url, config.base_path) == expected


@pytest.mark.usefixtures("site")
def test_own_topics_replace_and_follow_the_default_ones() -> None:
    first = read_default_topics()[0]
    own = '[topics.zoo]\nname = "动物园"\nwords = ["熊猫"]\n'
    own += f'[topics.{first.slug}]\nname = "另一个"\nwords = ["甲"]'
    topics = load(own).topics
    assert topics[0] == TopicRule(slug=first.slug, name="另一个", words=("甲",))
    assert topics[-1] == TopicRule(slug="zoo", name="动物园", words=("熊猫",))
    assert len(topics) == len(read_default_topics()) + 1
    assert [rule.slug for rule in load("[topics]\ndefaults = false\n" + own).topics] == ["zoo", first.slug]


@pytest.mark.usefixtures("site")
def test_own_outlets_come_first_and_extend() -> None:
    config = load('[sources.demo]\nextends = "rfi"\nname = "甲"\ndomains = ["a.example"]')
    demo = config.profiles[0]
    rfi = next(profile for profile in config.profiles if profile.slug == "rfi")
    assert (demo.slug, demo.name, demo.domains, demo.names) == ("demo", "甲", ("a.example",), ())
    assert demo.strip == rfi.strip


@pytest.mark.usefixtures("site")
def test_an_own_outlet_may_extend_another_above_it() -> None:
    config = load(
        '[sources.a]\nname = "甲"\ntimezone = "Asia/Tokyo"\n[sources.b]\nextends = "a"\nname = "乙"'
    )
    assert [(p.slug, p.timezone) for p in config.profiles[:2]] == [("a", "Asia/Tokyo"), ("b", "Asia/Tokyo")]


def test_a_byte_order_mark_does_no_harm(site: Path) -> None:
    (site / "site.toml").write_bytes(b"\xef\xbb\xbf" + 'title = "报"\r\n'.encode())
    assert load_config(site).title == "报"


def test_an_empty_folder_is_an_empty_site(tmp_path: Path) -> None:
    (tmp_path / ".digest").mkdir()
    assert load_config(tmp_path).content == (str(tmp_path / "content"),)


# --- fingerprint --------------------------------------------------------------------------------


def test_the_fingerprint_follows_settings_and_hooks_but_no_path(site: Path) -> None:
    hooked = '[sources.a]\nname = "甲"\nhook = "hooks/a.py:clean"'
    (site / "hooks").mkdir()
    hook = site / "hooks" / "a.py"
    hook.write_text("def clean(tree): ...", "utf-8")
    plain = load("").fingerprint
    assert load("# words\n").fingerprint == plain
    assert load('output = "web"').fingerprint == plain
    assert len({plain, load('title = "报"').fingerprint, load("[feeds]\nitems = 5").fingerprint}) == 3
    config = load(hooked)
    assert config.hooks == (str(hook),)
    hook.write_text("def clean(tree): pass", "utf-8")
    assert load(hooked).fingerprint not in (config.fingerprint, plain)


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("site")
def test_five_mistakes_are_five_messages() -> None:
    assert faults("""
titel = "文摘"
timezone = "Asia/Bejing"
content = "nowhere"
[feeds]
items = "twenty"
[sources.demo]
name = "甲"
strip = [
  { rule = "ad", css = "div[" },
]
""") == [
        "site.toml:2: 'titel' is not a key here; did you mean 'title'?",
        "site.toml:3: timezone 'Asia/Bejing' is not a known zone; did you mean 'Asia/Shanghai'?",
        "site.toml:4: content folder 'nowhere' does not exist",
        "site.toml:6: feeds.items is 'twenty' (expected a whole number)",
        "site.toml:10: sources.demo.strip[1].css 'div[' is not a CSS selector (Can't parse CSS selector)",
    ]


@pytest.mark.usefixtures("site")
def test_syntax_faults_do_not_hide_the_others() -> None:
    text = 'title = "文摘\nlanguage = "zh-Hans"\nlanguage = "en"\n[feeds\nitems = 0\n[lists]\nhome_days = 0'
    assert faults(text) == [
        "site.toml:1: not valid TOML: quotes that are never closed",
        "site.toml:3: not valid TOML: a key given twice",
        "site.toml:4: not valid TOML: expected ']' at the end of a table declaration",
        "site.toml:7: lists.home_days 0 is too small (expected 1 or more)",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "'colour' is not a key here (expected one of title, url,"),
        ("[feeds]\ntitle = 'x'", "site.toml:2: 'feeds.title' is not a key here; 'title' stands above"),
        ("page_size = 5", "'page_size' is not a key here; 'page_size' stands under [lists]"),
        ("[feeds]\nitem = 5", "'feeds.item' is not a key here; did you mean 'feeds.items'?"),
        ("title = 5", "title is 5 (expected a string)"),
        ("title = 2023-11-06", "title is the date 2023-11-06 (expected a string)"),
        ("ignore = 'a'", "ignore is 'a' (expected a list of strings)"),
        ("ignore = ['a', 5]", "ignore[2] is 5 (expected a string)"),
        ("ignore = ['/a']", "ignore[1] '/a' matches nothing (expected a pattern relative to"),
        ("content = 5", "content is 5 (expected a string or a list of strings)"),
        ("content = ['content', 5]", "content[2] is 5 (expected a string)"),
        ("content = []", "site.toml:1: content names no folder"),
        ("content = ['content', './content']", "content folders 'content' and './content' overlap"),
        ("content = 'site.toml'", "content folder 'site.toml' is a file"),
        ("templates = 'nope'", "templates folder 'nope' does not exist"),
        ("canonical = 'orignal'", "(expected one of 'self', 'original'); did you mean 'original'?"),
        ("language = 'zh-CN'", "language is 'zh-CN' (expected one of 'zh-Hans', 'zh-Hant', 'en')"),
        ("timezone = '北京'", "timezone '北京' is not a known zone (expected a name such as 'Asia/Shanghai'"),
        ("timezone = 'Asia'", "timezone 'Asia' is not a known zone"),
        ("timezone = '../etc'", "timezone '../etc' is not a known zone"),
        ("url = 'example.org'", "url 'example.org' is not an absolute address (expected https://…)"),
        ("url = 'https://a.example/?a'", "(expected the form https://example.org/digest/)"),
        ("[feeds]\nauthority = 'me'", "feeds.authority 'me' is not a domain or mail address"),
        ("[feeds]\nitems = true", "feeds.items is true (expected a whole number)"),
        ("feeds = 5", "feeds is 5 (expected a table)"),
        ("[redirects]\njekyll = '/:tilte/'", "site.toml:2: redirects.jekyll '/:tilte/' has an unknown key :tilte"),
        ("[redirects]\njekyll = 'fancy'", "redirects.jekyll 'fancy' is no permalink (expected a template or pretty, date,"),
        ("[redirects]\ntimezone = 'Asia'", "redirects.timezone 'Asia' is not a known zone"),
        ("jekyll = 'date'", "'jekyll' is not a key here; 'jekyll' stands under [redirects]"),
        ("[feeds]\ntimezone = 'UTC'", "'timezone' stands above the first [table]"),
        ("[threads]\nautomatic = 'no'", "threads.automatic is 'no' (expected true or false)"),
        ("topics = 5", "topics is 5 (expected a table [topics.<slug>])"),
        ("[topics]\ndefaults = 'no'", "topics.defaults is 'no' (expected true or false)"),
        ("[topics]\ndefault = false", "topics.default is false (expected a table [topics.default]"),
        ("[topics.a]\nwords = ['x']", "site.toml:1: topics.a.name is missing (expected a string)"),
        ("[topics.a]\nname = 'x'", "topics.a matches nothing (expected words, sections or urls)"),
        ("[topics.a]\nname = 'x'\nurls = ['(']", "topics.a.urls[1] '(' is not a regular expression"),
        ("[topics.'大']\nname = 'x'\nwords = ['x']", "'大' is not a slug (expected a-z, 0-9 and single"),
        ("[sources]\na = 5", "sources.a is 5 (expected a table [sources.a])"),
        ("[sources.a]", "sources.a.name is missing (expected a string)"),
        ("[sources.a]\nextends = 'rfi'", "sources.a.name is missing (expected a string)"),
        ("[sources.a]\nname = 'x'\nslug = 'b'", "sources.a.slug 'b' is not the slug in the header"),
        ("[sources.a]\nname = 'x'\nextends = 'rif'", "'rif' is not a known outlet; did you mean 'rfi'?"),
        ("[sources.a]\nname = 'x'\nextends = 'a'", "sources.a.extends 'a' is not a known outlet"),
        ("[sources.a]\nname = 'RFI'", "sources.a.name 'RFI' belongs to the outlet 'rfi' already"),
        ("[sources.a]\nname = 'x'\ndomains = ['rfi.fr']", "site.toml:3: sources.a.domains 'rfi.fr' belongs"),
        ("[sources.a]\nname = 'x'\nhook = 'a.py:f'", "sources.a.hook: no file 'a.py' in the site's folder"),
        ("[sources.a]\nname = 'x'\nhook = 'a.py'", "sources.a.hook 'a.py' is not a hook (expected the form"),
        ("[[sources.a.dates]]\nformat = 'ymd'", "sources.a.dates[1].format 'ymd' is not a date format"),
        ("[[sources.a.strip]]\nrule = 'x'", "sources.a.strip[1] needs exactly one of css, block"),
        ("[sources.a.url]\nreplace = [['(', '']]", "replace[1] a list is not a regular expression"),
        ("[sources.a.url]\nreplace = [['a']]", "replace[1] is a list (expected a list of exactly 2 strings)"),
        ("output = '.'", "output folder '.' is the site's folder (expected a folder of its own)"),
        ("output = '..'", "output folder '..' contains the site's folder"),
        ("output = '.digest/x'", "output folder '.digest/x' lies in '.digest', where the cache is"),
        ("output = 'site.toml'", "output folder 'site.toml' is a file"),
        ("static = 'content'\noutput = 'content'", "output folder 'content' is the static folder 'content'"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("site")
def test_each_fault_is_told_plainly(text: str, message: str) -> None:
    found = faults(text)
    assert any(message in line for line in found), found


@pytest.mark.usefixtures("site")
def test_an_address_of_the_command_line_goes_before_and_is_judged_as_well() -> None:
    text = 'url = "https://a.example/b/"'
    config = load(text, url="https://c.example/d/")
    assert (config.url, config.base_path) == ("https://c.example/d", "/d/")
    assert config.fingerprint == load('url = "https://c.example/d"').fingerprint != load(text).fingerprint
    assert load(text, url="").url == ""
    assert faults("", url="c.example") == [
        "--url: 'c.example' is not an absolute address (expected https://…)"
    ]


@pytest.mark.usefixtures("site")
def test_redirects_are_none_unless_there_is_a_permalink() -> None:
    plain = load("")
    for text in ("[redirects]", "[redirects]\ntimezone = 'Asia/Taipei'", "[redirects]\njekyll = ''"):
        assert load(text).permalinks is None
        assert load(text).fingerprint == plain.fingerprint
    config = load("[redirects]\njekyll = 'pretty'\ntimezone = 'Asia/Taipei'")
    assert config.permalinks == Permalinks("pretty", "Asia/Taipei")
    assert (
        len({plain.fingerprint, config.fingerprint, load("[redirects]\njekyll = 'pretty'").fingerprint}) == 3
    )


def test_folders_of_the_command_line_are_judged_as_well(site: Path) -> None:
    (site / "public").mkdir()
    assert faults("", content=[Path("nope")]) == ["--content: content folder 'nope' does not exist"]
    assert faults("", output=Path("content")) == [
        "--output: output folder 'content' is the content folder 'content'"
    ]
    assert faults("", content=[Path("public")]) == [
        "--content: output folder 'public' is the content folder 'public'"
    ]
    assert load("content = 'nope'", content=[Path("content")]).content == (str(site / "content"),)


def test_output_behind_a_symbolic_link_is_seen_through(site: Path) -> None:
    (site / "link").symlink_to(site / "content")
    assert "is the content folder" in faults("output = 'link'")[0]


@pytest.mark.parametrize("name", ["nowhere", "site.toml"])
def test_a_site_that_is_no_folder_is_one_line(site: Path, name: str) -> None:
    (site / "site.toml").write_text("", "utf-8")
    with pytest.raises(ConfigError, match=rf"^{name}: (does not exist|is no folder) "):
        load_config(Path(name))


def test_a_folder_of_articles_is_its_own_content(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x", "utf-8")
    config = load_config(tmp_path)
    assert config.content == (str(tmp_path),)
    assert cache_folder(config) is None
    (tmp_path / "site.toml").write_text("", "utf-8")
    with pytest.raises(ConfigError, match="no folder 'content' here"):
        load_config(tmp_path)


def test_what_is_not_utf8_has_its_line(site: Path) -> None:
    (site / "site.toml").write_bytes(b"url = ''\ntitle = '\xb1\xa8'\n")
    with pytest.raises(ConfigError, match=r"site.toml:2: not UTF-8 text"):
        load_config(site)


def test_a_site_toml_that_cannot_be_read(site: Path) -> None:
    (site / "site.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(site)


# --- lines --------------------------------------------------------------------------------------

TRICKY = '''
text = """
[table] # in a text
key = 1 \\""" """"
raw = \'\'\'
it's = [1
\'\'\'
"quoted key".b = 'x # no comment'
a.b.c = {x = 1, y = [1, "}"], z = {q = 1}}
list = [ # note
  "a]",
  { css = "b" },
]
[one.two] # ]
key = 2020-01-01 00:00:00
[[many]]
key = 1
[[many]]

key = 2
[many."a.b"]
key = 3
[[many.deep]]
key = 4
quotes = ["""x""""", # five
  [1]]
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("text",), 2), (("raw",), 5), (("quoted key", "b"), 8), (("a", "b", "c", "z", "q"), 9),
        (("list", 0), 11), (("list", 1, "css"), 12), (("one", "two"), 14), (("one", "two", "key"), 15),
        (("many", 0, "key"), 17), (("many", 1), 18), (("many", 1, "key"), 20),
        (("many", 1, "a.b", "key"), 22), (("many", 1, "deep", 0, "key"), 24), (("quotes", 1), 0),
        (("many", 1, "deep", 0, "quotes", 1, 0), 26), (("one", "two", "absent"), 14), (("absent",), 0),
    ],
)  # fmt: skip
def test_every_key_has_its_line(key: tuple[str | int, ...], line: int) -> None:
    assert parse(TRICKY).faults == ()
    assert Lines(TRICKY).of(key) == line


scalars = st.one_of(st.integers(-5, 5), st.booleans(), st.text("a'\"\\\n=[]{}#,. é报", max_size=8))
names = st.text("ab.'\" #[]=报", min_size=1, max_size=4)
tables = st.recursive(
    st.dictionaries(names, scalars, max_size=3),
    lambda inner: st.dictionaries(
        names, st.one_of(scalars, inner, st.lists(inner, min_size=1, max_size=2)), max_size=3
    ),
    max_leaves=8,
)
Expected = dict[tuple[str | int, ...], int]


def written_out(table: dict[str, object]) -> tuple[str, Expected]:
    """The table as TOML, with the line of each key: texts with line feeds over several lines."""
    lines: list[str] = []
    expected: Expected = {}

    def put(key: tuple[str | int, ...], text: str) -> None:
        expected[key] = sum(line.count("\n") + 1 for line in lines) + 1
        lines.append(text)

    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    def put_table(inner: dict[str, object], key: tuple[str | int, ...], header: list[str]) -> None:
        deep = {name: value for name, value in inner.items() if isinstance(value, dict | list)}
        for name, value in inner.items():
            if isinstance(value, str) and "\n" in value:
                safe = value.replace("\\", "\\\\").replace('"""', '""\\"')
                put((*key, name), f'{quoted(name)} = """\n{safe}"""')
            elif name not in deep:
                put((*key, name), f"{quoted(name)} = {json.dumps(value, ensure_ascii=False)}")
        for name, value in deep.items():
            path = ".".join((*header, quoted(name)))
            items = value if isinstance(value, list) else [value]
            for number, item in enumerate(items):
                where = (*key, name, number) if isinstance(value, list) else (*key, name)
                put(where, f" [[ {path} ]] # ]" if isinstance(value, list) else f"[{path}]")
                put_table(item, where, [*header, quoted(name)])

    put_table(table, (), [])
    return "\n".join(lines), expected


@given(tables)
def test_no_value_confuses_the_lines(table: dict[str, object]) -> None:
    text, expected = written_out(table)
    assert parse(text) == (table, (), text)
    lines = Lines(text)
    assert {key: lines.of(key) for key in expected} == expected


@given(st.text("a1='\"[]{}\n,.# ", max_size=40))
def test_any_text_is_read_or_told(text: str) -> None:
    written = read_site_file(text.encode(), "site.toml", ())
    count = len(text.split("\n"))
    assert all(1 <= problem.line <= count for problem in written.problems)


# --- manual -------------------------------------------------------------------------------------


def schema_keys() -> dict[str, object]:
    keys: dict[str, object] = {}
    tables = (
        ("", SiteFile),
        ("feeds.", Feeds),
        ("threads.", Threads),
        ("lists.", Lists),
        ("publish.", Publish),
        ("check.", Check),
        ("redirects.", Redirects),
        ("topics.<slug>.", TopicRule),
    )
    for prefix, kind in tables:
        for field in msgspec.structs.fields(kind):
            default = None if field.default is msgspec.NODEFAULT else field.default
            keys[prefix + field.name] = default
    told = [prefix.removesuffix(".") for prefix, _ in tables if prefix and "<" not in prefix]
    for table in (*told, "topics", "sources", "topics.<slug>.slug"):
        del keys[table]  # tables are told by their keys, a topic's slug by its header
    return keys | {"topics.defaults": True, "sources.<slug>": None}


def manual_entries() -> dict[str, str]:
    return dict(re.findall(r"^\*\*`([^`]+)`\*\* (.*?)(?=\n\n|\Z)", MANUAL, re.M | re.S))


def test_the_manual_names_every_key_and_no_other() -> None:
    assert set(manual_entries()) == set(schema_keys())


@pytest.mark.parametrize(
    "key", [key for key, default in schema_keys().items() if default not in (None, "", ())]
)
def test_the_manual_tells_the_default(key: str) -> None:
    default = schema_keys()[key]
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    shown = json.dumps(default) if isinstance(default, tuple) else shown
    assert f"(default `{shown}`)" in manual_entries()[key]


def test_the_manuals_examples_are_valid() -> None:
    examples = re.findall(r"```toml\n(.*?)```", MANUAL, re.S)
    assert len(examples) >= 6
    for example in examples:
        assert read_site_file(example.encode(), "docs/pages/configuration.md", ("rfi",)).problems == ()


class Inner(msgspec.Struct):
    number: float
    pair: tuple[str, int] = ("", 0)


class Outer(msgspec.Struct):
    inner: dict[str, Inner]
    many: tuple[Inner, ...] = ()


def test_checks_know_all_kinds_of_types() -> None:
    good = {"inner": {"a": {"number": 1, "pair": ["x", 2]}}, "many": [{"number": 0.5}]}
    assert check(good, Outer) == ()
    found = check({"inner": {"a.b": {"number": True}}, "many": [{"number": 1, "pair": ["x", "y"]}, 3]}, Outer)
    assert [(dotted(fault.key), fault.code) for fault in found] == [
        ('inner."a.b".number', "wrong-type"),
        ("many[1].pair[2]", "wrong-type"),
        ("many[2]", "wrong-type"),
    ]
    assert [fault.code for fault in check({}, Outer)] == ["missing-key"]

"""`digest new`: each writes one file that loads without a problem, and overwrites nothing."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import Site
from test_build import news
from test_cli import run

from digest.cli import cli
from digest.config import load_config
from digest.curation.front_matter import Entry
from digest.loaders import Reader, load
from digest.loaders.curator import load_curated
from digest.loaders.frontmatter import split_front
from digest.model import Loaded, SourceFile
from digest.sources import read_builtin
from digest.sources.address import Addresses
from digest.starting import single
from digest.starting.files import NewFile

MakeSite = Callable[[str], Site]
NOW = {"SOURCE_DATE_EPOCH": "1700000000"}  # 2023-11-15 06:13:20 in Shanghai
MOMENT = datetime.fromtimestamp(1_700_000_000, UTC)
ADDRESSES = Addresses(read_builtin())


def loaded(file: NewFile) -> Loaded:
    found = load(SourceFile(file.path, file.text.encode()), Reader(read_builtin()))
    assert isinstance(found, Loaded)
    assert found.version.problems == ()
    return found


@pytest.mark.parametrize(
    ("arguments", "path", "source", "title"),
    [
        (
            ("https://www.voachinese.com/a/bridge-opens/7349126.html",),
            "voa/2023-11-15-7349126.md", "voa", "bridge opens",
        ),
        (
            ("https://www.seine.example/cn/%E6%A1%A5-%E9%80%9A%E8%BD%A6", "--title", '桥：“通车” # \\ "'),
            "www-seine-example/2023-11-15-jjq3wwvwq3.md", "www-seine-example", '桥：“通车” # \\ "',
        ),
        (("编者的话：今天",), "articles/2023-11-15-编者的话-今天.md", "articles", "编者的话：今天"),
        (("短评", "--source", "法广"), "articles/2023-11-15-短评.md", "rfi", "短评"),
    ],
)  # fmt: skip
def test_an_article(
    arguments: tuple[str, ...], path: str, source: str, title: str, make_site: MakeSite
) -> None:
    site = make_site("")
    done = run("new", "article", *arguments, cwd=site.root, **NOW)
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout) == f"content/{path}\n"
    built = run("build", "--strict", cwd=site.root)
    assert built.returncode == 0, built.stderr
    (page,) = map(json.loads, run("export", "pages", cwd=site.root).stdout.splitlines())
    assert (page["path"], page["source"], page["title"]) == (path, source, title)
    assert page["published"] == "2023-11-14T22:13:20Z"
    assert page["link"] == (arguments[0] if arguments[0].startswith("http") else None)


def test_an_article_lands_in_an_old_archive_without_a_problem(make_site: MakeSite) -> None:
    site = make_site(news(3))
    done = run("new", "article", "编者的话", cwd=site.root, **NOW)
    assert done.returncode == 0
    assert run("build", "--strict", cwd=site.root).returncode == 0


@given(st.text(min_size=1, max_size=60).filter(lambda t: t.strip() and t.isprintable()))
def test_any_title_reads_back(title: str) -> None:
    file = single.article(title, MOMENT)
    assert split_front(file.text).fields["title"] == title
    loaded(file)
    assert all(0 < len(part.encode()) <= 255 for part in file.path.split("/"))
    assert ".." not in file.path.split("/")


@given(st.sampled_from(["www.rfi.fr", "www.voachinese.com", "x.example"]), st.text(max_size=30))
def test_any_address_makes_an_article(host: str, rest: str) -> None:
    url = f"https://{host}/{rest}"
    address = ADDRESSES.locate(url)
    assert address is not None
    file = single.article("标题", MOMENT, address)
    version = loaded(file).version
    assert (version.source, version.key) == (address.source, address.key)


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://a.example/news/the-river-rises.html", "the river rises"),
        ("https://a.example/world/a-7349126", "a 7349126"),
        ("https://a.example/%E6%B2%B3%E6%B0%B4_%E6%B6%A8/12.html", "河水 涨"),
        ("https://a.example/12/34", "https://a.example/12/34"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_a_title_out_of_an_address(url: str, title: str) -> None:
    assert single.title_of(url) == title


def test_a_thread_of_named_articles(make_site: MakeSite) -> None:
    site = make_site(news(3))
    members = ("--include", "https://www.voachinese.com/a/7000002.html", "--include", "voa-7000000")
    done = run("new", "thread", "一件事：“始末”", "--as", "affair", *members, cwd=site.root)
    assert (done.returncode, done.stdout) == (0, "content/threads/affair.md\n")
    assert (site.root / "content/threads/affair.md").read_text("utf-8") == (
        "---\ntitle: 一件事：“始末”\nid: affair\ninclude:\n"
        "  - https://www.voachinese.com/a/7000000.html  # 第0条新闻\n"
        "  - https://www.voachinese.com/a/7000002.html  # 第2条新闻\n---\n\n"
    )
    assert run("build", "--strict", cwd=site.root).returncode == 0
    threads = [json.loads(line) for line in run("export", "threads", cwd=site.root).stdout.splitlines()]
    (affair,) = [t for t in threads if t["id"] == "affair"]
    assert affair["paths"] == ["voa/0.md", "voa/2.md"]


def test_a_thread_by_words(make_site: MakeSite) -> None:
    site = make_site(news(3))
    words = ("--words", "第1条 第2条", "--words", "新闻 新聞")
    assert run("new", "thread", "两条", "--as", "two", *words, cwd=site.root).returncode == 0
    assert run("build", "--strict", cwd=site.root).returncode == 0
    assert "第1条" in site.read("/threads/two/")


def test_a_thread_without_anything_says_what_is_missing(make_site: MakeSite) -> None:
    site = make_site(news(1))
    done = run("new", "thread", "以后再说", cwd=site.root)
    assert done.returncode == 0
    assert "until then it has no page" in done.stderr
    file = Path(site.root, done.stdout.strip())
    (read,) = load_curated([SourceFile("threads/x.md", file.read_bytes())]).threads
    assert (read.title, read.problems, read.include) == ("以后再说", (), ())
    assert "# include:" in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("新的", "--as", "old"), "'old' is another story's already"),
        (("新的", "--as", "老"), "expected lower-case letters"),
        (("新的", "--include", "voa-1"), "'voa-1' is no article here"),
        (("新的", "--include", "voa-7000000", "--as", "old"), "'old' is another story's already"),
        ((" ",), "the title is empty"),
    ],
)
def test_a_thread_that_cannot_be(arguments: tuple[str, ...], words: str, make_site: MakeSite) -> None:
    site = make_site(news(1) + "\n-- content/threads/story.md --\n---\nid: old\nwords: [第0条]\n---\n")
    done = run("new", "thread", *arguments, cwd=site.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
    assert [p.name for p in (site.root / "content/threads").iterdir()] == ["story.md"]


@given(
    st.text(min_size=1, max_size=40).filter(lambda t: t.strip() and t.isprintable()),
    st.lists(
        st.lists(st.text(min_size=1, max_size=6).filter(lambda t: t.strip() and t.isprintable()), min_size=1)
    ),
)
def test_any_thread_reads_back(title: str, words: list[list[str]]) -> None:
    file = single.thread("x", title, [Entry("voa-1", "标题")], words)
    (read,) = load_curated([SourceFile(file.path, file.text.encode())]).threads
    assert (read.title, read.id, read.problems) == (" ".join(title.split()), "x", ())
    assert read.include == ("voa-1",)
    wanted = [tuple(dict.fromkeys(word.strip() for word in group)) for group in words]
    assert list(read.words) == wanted


@pytest.mark.parametrize(("day", "expected"), [("today", "2023-11-15"), ("2023-11-10", "2023-11-10")])
def test_an_edition(day: str, expected: str, make_site: MakeSite) -> None:
    site = make_site(news(1))
    done = run("new", "edition", day, "--title", "日期: 定了", cwd=site.root, **NOW)
    assert (done.returncode, done.stdout) == (0, f"content/editions/{expected}.md\n")
    assert run("build", "--strict", cwd=site.root).returncode == 0
    if day != "today":
        assert "日期: 定了" in site.read(f"/{expected.replace('-', '/')}/")


@pytest.mark.parametrize(
    ("day", "words"),
    [("2023-11-31", "is no day"), ("tomorrow", "is no day"), ("2023-11-09", "editions/2023-11-09-x.md")],
)
def test_an_edition_that_cannot_be(day: str, words: str, make_site: MakeSite) -> None:
    site = make_site("-- content/editions/2023-11-09-x.md --\n那一天。\n")
    done = run("new", "edition", day, cwd=site.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(list((site.root / "content/editions").iterdir())) == 1


def test_an_outlet_joins_the_configuration(make_site: MakeSite) -> None:
    site = make_site("")
    before = b"title = 'x' # mine\r\n\r\n[feeds]\r\nitems = 5"
    site.write("site.toml", before)
    done = run("new", "source", "https://www.Gazette.example/news", "--name", '公报 "晚"', cwd=site.root)
    assert (done.returncode, done.stdout) == (0, "site.toml\n")
    after = (site.root / "site.toml").read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") == after.count(b"\n")
    config = load_config(site.root)
    gazette = next(p for p in config.profiles if p.slug == "gazette")
    assert (gazette.name, gazette.domains, gazette.timezone) == (
        '公报 "晚"', ("www.gazette.example",), "Asia/Shanghai",
    )  # fmt: skip
    assert config.feed_items == 5
    assert [p.name for p in site.root.iterdir() if p.name.endswith(".new")] == []


def test_an_outlet_built_like_another(make_site: MakeSite) -> None:
    site = make_site("-- site.toml --\n")
    done = run("new", "source", "www.seine.example", "--as", "seine-news", "--extends", "rfi", cwd=site.root)
    assert done.returncode == 0
    profile = next(p for p in load_config(site.root).profiles if p.slug == "seine-news")
    assert (profile.name, profile.timezone) == ("www.seine.example", "Europe/Paris")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("www.voachinese.com",), "belongs to the outlet 'voa' already"),
        (("x.example", "--as", "voa"), "the outlet 'voa' is there already"),
        (("x.example", "--as", "No Slug"), "is not a slug"),
        (("x.example", "--extends", "rfii"), "did you mean 'rfi'"),
        (("x.example", "--name", "法广"), "belongs to the outlet 'rfi' already"),
        (("nodots",), "is no domain"),
    ],
)
def test_an_outlet_that_cannot_be(arguments: tuple[str, ...], words: str, make_site: MakeSite) -> None:
    site = make_site("-- site.toml --\ntitle = 'x'\n")
    done = run("new", "source", *arguments, cwd=site.root)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (site.root / "site.toml").read_text("utf-8") == "title = 'x'\n"


def test_an_outlet_needs_a_site(make_site: MakeSite) -> None:
    done = run("new", "source", "x.example", cwd=make_site("").root)
    assert done.returncode == 2
    assert "`digest init` starts one" in done.stderr


@pytest.mark.parametrize(
    ("domain", "slug"),
    [
        ("www.gazette.example", "gazette"),
        ("cn.gazette.example", "gazette"),
        ("www.gazette.com.tw", "gazette"),
        ("voa.example", "voa-example"),
        ("新闻.example", "example"),
    ],
)
def test_a_slug_out_of_a_domain(domain: str, slug: str) -> None:
    assert single.slug_of(domain, {"voa"}) == slug


@pytest.mark.parametrize(
    "arguments", [("article", "编者的话"), ("edition", "2023-11-10"), ("thread", "一件事", "--as", "x")]
)
def test_nothing_is_overwritten(arguments: tuple[str, ...], make_site: MakeSite) -> None:
    site = make_site("")
    first = run("new", *arguments, cwd=site.root, **NOW)
    file = site.root / first.stdout.strip()
    file.write_text(file.read_text("utf-8") + "我写的。", "utf-8")
    mine = file.read_bytes()
    again = run("new", *arguments, cwd=site.root, **NOW)
    assert (again.returncode, again.stdout) == (2, "")
    assert len(again.stderr.splitlines()) == 1
    assert "already" in again.stderr
    assert file.read_bytes() == mine


def test_edit_opens_the_editor(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site("")
    editor = tmp_path / "editor.py"
    editor.write_text("import sys\nopen(sys.argv[1], 'a', encoding='utf-8').write('改过。')\n", "utf-8")
    environment = {**NOW, "EDITOR": f"{sys.executable} {editor}", "VISUAL": ""}
    done = run("new", "article", "短评", "--edit", cwd=site.root, **environment)
    assert done.returncode == 0, done.stderr
    assert "改过。" in (site.root / done.stdout.strip()).read_text("utf-8")


def test_an_editor_that_fails_is_one_line(make_site: MakeSite) -> None:
    site = make_site("")
    done = run("new", "article", "短评", "--edit", cwd=site.root, EDITOR="/no/such/editor", VISUAL="")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_the_manuals_examples_run(make_site: MakeSite) -> None:
    manual = (Path(__file__).resolve().parent.parent / "docs/pages/starting.md").read_text("utf-8")
    block = manual.partition("## One new file\n")[2].partition("```sh\n")[2].partition("```")[0]
    lines = [line.replace(" --edit", "") for line in block.splitlines()]
    assert len(lines) == 6
    site = make_site("-- site.toml --\n")
    for number, name in (("1", "voa/a/7349130"), ("2", "zaobao/x")):
        url = (
            f"https://www.voachinese.com/{name}.html"
            if number == "1"
            else "https://www.zaobao.com/x/story1449305"
        )
        site.write(
            f"content/{number}.md",
            f"---\ntitle: {number}\ndate: 2023-11-10T08:00:00Z\nfrom: {url}\n---\n一段。\n",
        )
    pages = [json.loads(line)["id"] for line in run("export", "pages", cwd=site.root).stdout.splitlines()]
    for line in lines:
        arguments = shlex.split(line)[1:]
        if "--include" in arguments:
            arguments = [*arguments[:3], "--include", pages[0], "--include", pages[1]]
        done = run(*arguments, cwd=site.root)
        assert done.returncode == 0, (line, done.stderr)


@pytest.mark.parametrize(
    "command", [["init"], ["completion"], *(["new", n] for n in cli.commands["new"].commands)]
)
def test_each_help_has_an_example(command: list[str]) -> None:
    shown = run(*command, "--help").stdout
    assert "  Examples" in shown
    assert f"    digest {' '.join(command)} " in shown

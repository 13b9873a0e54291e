"""`digest init --from`: an archive is read, never written to, and the site.toml for it builds as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from sites import write_site
from test_build import article
from test_cli import run

from digest.config import load_config
from digest.permalinks import is_no_permalink
from digest.starting.jekyll import read_jekyll

JEKYLL = """
-- _config.yml --
title: 山谷周记
description: 山谷里的新闻
url: https://valley.example
baseurl: /weekly/
timezone: Asia/Taipei
lang: zh_TW
permalink: /:categories/:year/:month/:day/:title.html
collections:
  recipes:
    output: true
-- _posts/2020-07-01-雨.md --
---
layout: post
title: 第一场雨
date: 2020-07-01 08:00:00 +0800
tags: [天气]
---
山谷里下了第一场雨，河水涨了一尺。
-- _posts/2020-07-02-桥.md --
---
title: "桥修好了"
date: 2020-07-02T08:00:00+08:00
from: https://www.voachinese.com/a/5500001.html
categories: [ 美国之音 ]
---
<p>桥在今天早上修好了。</p>
-- news/_posts/2020-07-03-空.md --
---
title: 空的一篇
date: 2020-07-03T08:00:00+08:00
---
-- news/index.html --
<ul>{% for post in site.posts %}{{ post.title }}{% endfor %}</ul>
-- archived/2019/old.md --
---
title: 旧文一篇
date: 2019-01-02T08:00:00+08:00
from: https://www.rhine.example/news/old
---
<p>旧文的第一段。</p>
-- archived/data.json --
{}
-- _drafts/later.md --
draft
-- _site/2020/index.html --
<p>built</p>
-- _layouts/post.html --
{{ content }}
"""


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def jekyll(tmp_path: Path) -> Path:
    root = write_site(tmp_path / "valley", JEKYLL).root
    (root / "content").rmdir()
    return root


def test_a_jekyll_site_is_reported_and_only_read(jekyll: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    done = run("init", "--from", jekyll, cwd=tmp_path)
    assert done.returncode == 0
    assert tree(tmp_path) == before
    report = done.stderr
    assert "a Jekyll site; articles in _posts, news, archived" in report
    assert "4 files, 4 articles, 2019-01-02 to 2020-07-03" in report
    assert "left out: 1 .json" in report
    assert "美国之音" in report
    assert "www.rhine.example  (not known: generic reading)" in report
    assert "1  text-missing  " in report
    assert "collections are not taken over: recipes" in report
    settings = tomllib.loads(done.stdout)
    assert {k: v for k, v in settings.items() if not isinstance(v, dict)} == {
        "title": "山谷周记",
        "description": "山谷里的新闻",
        "url": "https://valley.example/weekly",
        "language": "zh-Hant",
        "timezone": "Asia/Taipei",
        "ignore": ["README*", "drafts/**", "_drafts/**", "index.html", "index.md"],
        "content": ["valley/_posts", "valley/news", "valley/archived"],
    }
    assert settings["redirects"] == {
        "jekyll": "/:categories/:year/:month/:day/:title.html",
        "timezone": "Asia/Taipei",
    }
    assert '# domains = ["www.rhine.example"]' in done.stdout


def test_the_printed_configuration_builds_without_edit(jekyll: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    place.mkdir()
    done = run("init", "--from", jekyll, cwd=place)
    (place / "site.toml").write_text(done.stdout, "utf-8")
    built = run("build", cwd=place)
    assert built.returncode == 0
    assert "4 pages" in built.stdout
    assert built.stderr.count("[text-missing]") == 1
    assert "problems: text-missing 1" in built.stderr
    assert "山谷周记" in (place / "public/sources/house/index.html").read_text("utf-8")
    for old in ("2020/07/01/雨.html", "美国之音/2020/07/02/桥.html", "news/2020/07/03/空.html"):
        assert "http-equiv=refresh" in (place / "public" / old).read_text("utf-8")


def test_a_folder_to_write_to_gets_a_whole_site(jekyll: Path, tmp_path: Path) -> None:
    before = tree(jekyll)
    done = run("init", "site", "--from", jekyll, "--title", "新名", "--github", cwd=tmp_path)
    assert done.returncode == 0
    assert tree(jekyll) == before
    assert "outlets: " in done.stdout
    assert "note: GitHub's machine has no ../valley/_posts" in done.stderr
    assert sorted(p.name for p in (tmp_path / "site").iterdir()) == [
        ".github",
        ".gitignore",
        "content",
        "site.toml",
    ]
    config = load_config(tmp_path / "site")
    assert config.title == "新名"
    assert [Path(folder).name for folder in config.content] == ["content", "_posts", "news", "archived"]
    built = run("build", cwd=tmp_path / "site")
    assert built.returncode == 0
    assert "4 pages" in built.stdout
    # The path within the Jekyll site, as its permalinks need it.
    assert '"path":"news/_posts/2020-07-03-空.md"' in run("export", "pages", cwd=tmp_path / "site").stdout
    again = run("init", "site", "--from", jekyll, cwd=tmp_path)
    assert (again.returncode, again.stderr) == (2, "site/site.toml: is there already; nothing was written\n")


def test_a_jekyll_site_can_be_adopted_where_it_lies(jekyll: Path) -> None:
    (jekyll / ".gitignore").write_text("_site/\n", "utf-8")
    done = run("init", ".", "--from", ".", cwd=jekyll)
    assert done.returncode == 0
    assert ".gitignore is there already" in done.stderr
    assert tomllib.loads((jekyll / "site.toml").read_text("utf-8"))["content"][0] == "content"
    assert "4 pages" in run("build", cwd=jekyll).stdout


def test_a_tree_of_articles_by_folder(tmp_path: Path) -> None:
    site = write_site(tmp_path / "x", "")
    site.write(
        "old/山谷报/1.md", article(0, title="一").replace("https://www.voachinese.com/a/7000000.html", "")
    )
    site.write("old/山谷报/1.txt", "标题\n\n日期：2023-11-10\n正文在这里。")
    site.write("old/voa/2.md", article(2))
    site.write("old/3.md", "---\ntitle: 三\ndate: 2023-11-09T00:00:00Z\n---\n没有媒体。\n")
    site.write("old/shot.png", b"")
    done = run("init", tmp_path / "new", "--from", tmp_path / "x/old", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "a tree of articles; articles in old" in done.stdout
    assert "  山谷报  (not known: generic reading)" in done.stdout
    assert "  no outlet named  (not known: generic reading)" in done.stdout
    assert "left out: 1 .png" in done.stdout
    sources = tomllib.loads((tmp_path / "new/site.toml").read_text("utf-8"))["sources"]
    assert {table["name"] for table in sources.values()} == {"old", "山谷报"}
    exported = run("export", "pages", cwd=tmp_path / "new").stdout
    assert exported.count('"source":"house"') == 1
    assert exported.count('"source":"voa"') == 1
    assert exported.count(f'"source":"{next(s for s in sources if s != "house")}"') == 2


def test_without_a_configuration_a_jekyll_site_has_the_defaults(jekyll: Path, tmp_path: Path) -> None:
    (jekyll / "_config.yml").unlink()
    settings = run("init", "--from", jekyll, cwd=tmp_path).stdout
    assert tomllib.loads(settings)["title"] == "valley"
    assert tomllib.loads(settings)["language"] == "zh-Hans"
    assert tomllib.loads(settings)["redirects"] == {"jekyll": "date", "timezone": "UTC"}


def test_an_empty_folder_is_an_archive_of_nothing(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    done = run("init", "--from", "old", cwd=tmp_path)
    assert done.returncode == 0
    assert "0 files, 0 articles" in done.stderr
    assert "no defects" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "gone"), "gone: does not exist"),
        (("--from", "file"), "file: is no folder"),
        (("--from", "site"), "it is a site of digest's already"),
        (("--from", "old", "--github"), "name the folder DIR too"),
    ],
)
def test_what_cannot_be_adopted_is_one_line(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    write_site(tmp_path / "site", "-- site.toml --\n")
    (tmp_path / "file").write_text("", "utf-8")
    (tmp_path / "old").mkdir()
    done = run("init", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("permalink: pretty", "pretty"),
        ("permalink: ':year/:title'", "/:year/:title"),
        ("collections: {posts: {permalink: /p/:title/}}\npermalink: none", "/p/:title/"),
        ("defaults: [{scope: {path: '', type: posts}, values: {permalink: /d/:slug}}]", "/d/:slug"),
        ("defaults: [{scope: {path: x}, values: {permalink: /d/:slug}}]", "date"),
        ("permalink: /:tilte/", "date"),
        ("permalink: [1]", "date"),
        ("", "date"),
        ("- a list", "date"),
        ("title: [", "date"),
    ],
)
def test_the_permalink_of_a_configuration(text: str, expected: str) -> None:
    found = read_jekyll(text).permalink
    assert found == expected
    assert not is_no_permalink(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title: [\n", "_config.yml is not valid YAML, line 2"),
        ("timezone: Asia/Shangai", "did you mean 'Asia/Shanghai'"),
        ("permalink: /:tilte/", "unknown key :tilte"),
    ],
)
def test_what_a_configuration_says_wrongly_is_noted(text: str, words: str) -> None:
    assert any(words in note for note in read_jekyll(text).notes)


@pytest.mark.parametrize(
    ("text", "url", "language"),
    [
        ("url: https://a.example/\nbaseurl: b", "https://a.example/b", None),
        ("baseurl: /b\nlang: zh-HK", "", "zh-Hant"),
        ("url: //a.example\nlocale: en_GB", "", "en"),
        ("url: 5\nlang: fr", "", None),
    ],
)
def test_address_and_language_of_a_configuration(text: str, url: str, language: str | None) -> None:
    found = read_jekyll(text)
    assert (found.url, found.language) == (url, language)


def test_the_archive_of_a_real_scraper(corpus: Path, tmp_path: Path) -> None:
    seeds = corpus / "seeds"
    before = sorted(seeds.iterdir())
    done = run("init", "site", "--from", seeds, cwd=tmp_path)
    assert done.returncode == 0
    assert sorted(seeds.iterdir()) == before
    assert run("build", cwd=tmp_path / "site").returncode == 0

"""The command line as scripts see it: exit codes, one-line errors, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sites import Site
from test_build import article, news

from digest.cli import cli

MakeSite = Callable[[str], Site]


def run(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "digest", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_help_and_version() -> None:
    assert run("--version").stdout.startswith("digest ")
    shown = run("--help")
    assert shown.returncode == 0
    for command in ("build", "serve", "export", "inspect", "threads"):
        assert command in shown.stdout
        assert run(command, "--help").returncode == 0


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield (*above, name)


@pytest.mark.parametrize("names", list(commands(cli)), ids=" ".join)
def test_the_help_of_every_command_has_an_example(names: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(cli, [*names, "--help"]).output
    assert f" digest {' '.join(names)}" in shown.partition("\n  Example")[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("biuld",), "biuld"),
        (("build", "--no-such-option"), "--no-such-option"),
        (("build", "--site", "/no/such/folder"), "/no/such/folder"),
        (("build", "--content", "/no/such/content"), "/no/such/content"),
        (("export", "everything"), "everything"),
        (("inspect", "/no/such/file.md"), "/no/such/file.md"),
        (("build", "--workers", "0"), "workers"),
        (("build", "--url", "example.org"), "--url: 'example.org' is not an absolute address"),
        (("check", "--url", "example.org"), "--url: 'example.org' is not an absolute address"),
    ],
)
def test_a_users_error_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    (tmp_path / "content").mkdir()
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_five_mistakes_in_site_toml_give_five_messages(make_site: MakeSite) -> None:
    site = make_site(
        "-- site.toml --\ntitel = 'x'\nurl = 'nowhere'\ntimezone = 'Asia/Shangai'\n"
        "[feeds]\nitems = 'many'\n[sources.mine]\nname = 'M'\nextends = 'rfii'\n"
    )
    done = run("build", "--site", site.root)
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2
    assert len(lines) == 5
    assert [int(line.split(":")[1]) for line in lines] == [1, 2, 3, 5, 8]
    assert "title" in lines[0]
    assert "Asia/Shanghai" in lines[2]
    assert "rfi" in lines[4]


def test_an_empty_folder_is_a_valid_empty_site(make_site: MakeSite) -> None:
    site = make_site("")
    done = run("build", cwd=site.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 pages" in done.stdout
    assert "<h1" in site.read("/")


def test_bad_input_never_stops_a_build(make_site: MakeSite) -> None:
    site = make_site(news(2))
    content = site.root / "content"
    (content / "binary.md").write_bytes(bytes(range(256)) * 20)
    with (content / "huge.md").open("wb") as stream:
        stream.truncate(50 * 2**20)
    (content / "gone.md").symlink_to("nowhere")
    (content / "x.md").mkdir()
    site.write("content/yaml.md", "---\ntitle: [unclosed\n---\n" + article(5))
    site.write("content/future.md", article(6, stamp=4_070_908_800_000))
    report = site.root / "report.json"
    done = run("build", "--site", site.root, "--report", report)
    assert done.returncode == 0, done.stderr
    account = json.loads(report.read_text("utf-8"))
    assert account["pages"] == 4
    assert {f["path"] for f in account["files"] if f["as"] == "problem"} == {
        "binary.md",
        "gone.md",
        "huge.md",
        "x.md",
    }
    assert {p["path"] for p in account["problems"]} == {
        "binary.md", "gone.md", "huge.md", "x.md", "yaml.md", "future.md",
    }  # fmt: skip
    yaml = next(p for p in account["problems"] if p["path"] == "yaml.md")
    assert yaml["line"] >= 1
    assert run("build", "--site", site.root, "--strict").returncode == 1


def test_the_address_may_be_named_on_the_command_line(make_site: MakeSite) -> None:
    site = make_site(news(1))
    options = ("--site", site.root, "--url", "https://fork.example/pages/")
    assert run("build", *options).returncode == 0
    assert "https://fork.example/pages/" in site.read("/sitemap.xml")
    assert "news.example" not in site.read("/sitemap.xml")
    assert "output-stale" not in run("check", *options).stdout
    assert "output-stale" in run("check", "--site", site.root).stdout


def test_two_texts_of_one_article_are_two_versions_without_an_error(make_site: MakeSite) -> None:
    site = make_site(news(1))
    site.write("content/voa/0b.md", article(0, text="正文后来改写得更完整了一些。", stamp=1_699_650_000_000))
    done = run("build", "--site", site.root, "--strict")
    assert done.returncode == 0, done.stderr
    assert "1 pages (2 versions)" in done.stdout


def test_a_template_with_an_error_names_template_line_and_page(make_site: MakeSite) -> None:
    site = make_site(news(1) + "\n-- templates/article.html --\n<p>\n{{ view.no_such_field }}\n")
    done = run("build", "--site", site.root)
    assert done.returncode == 1
    assert "article.html:2" in done.stderr
    assert "voa-7000000" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_export_pages_keeps_its_contract(make_site: MakeSite) -> None:
    site = make_site(news(1))
    site.write(
        "content/voa/0b.md",
        article(0, title="第0条新闻（更新）", text="正文后来改写得更完整了一些。", stamp=1_699_650_000_000),
    )
    done = run("export", "pages", "--site", site.root)
    assert (done.returncode, done.stderr) == (0, "")
    (page,) = map(json.loads, done.stdout.splitlines())
    assert page == {
        "id": "voa-7000000",
        "url": "/2023/11/10/voa-7000000.html",
        "path": "voa/0b.md",
        "versions": ["voa/0.md", "voa/0b.md"],
        "source": "voa",
        "link": "https://www.voachinese.com/a/7000000.html",
        "title": "第0条新闻（更新）",
        "kicker": None,
        "authors": [],
        "published": "2023-11-10T07:06:40Z",
        "fetched": "2023-11-10T21:00:00Z",
        "lang": "zh-Hans",
        "lead": None,
        "text": "正文后来改写得更完整了一些。",
        "hero": None,
        "images": [],
        "tags": [],
        "topics": [],
        "threads": [],
        "problems": [],
    }
    assert sorted(p.name for p in site.root.iterdir()) == [".digest", "content", "site.toml"]


def test_export_threads_lists_all_versions_of_all_members(make_site: MakeSite) -> None:
    site = make_site(
        news(3)
        + "\n-- content/threads/story.md --\n---\ntitle: 一件事\nwords: [第1条, 第2条]\n---\n来龙去脉。\n"
    )
    done = run("export", "threads", "--site", site.root)
    (thread,) = map(json.loads, done.stdout.splitlines())
    assert thread == {
        "id": "story", "url": "/threads/story/", "title": "一件事", "curated": True,
        "first": "2023-11-10", "last": "2023-11-10", "sources": ["voa"], "related": [],
        "former": ["voa-7000000"],  # the machine's story of all three
        "events": thread["events"], "paths": ["voa/1.md", "voa/2.md"],
    }  # fmt: skip
    assert [page for event in thread["events"] for page in event["pages"]] == ["voa-7000001", "voa-7000002"]
    assert {key for event in thread["events"] for key in event} == {"day", "key", "pages"}


def test_content_on_the_command_line_replaces_the_configured_one(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(news(1))
    other = tmp_path / "other"
    (other / "voa").mkdir(parents=True)
    (other / "voa/9.md").write_text(article(9), "utf-8")
    done = run("export", "pages", "--site", site.root, "--content", other)
    assert [json.loads(line)["path"] for line in done.stdout.splitlines()] == ["voa/9.md"]


def test_inspect_tells_how_a_file_was_read(make_site: MakeSite) -> None:
    site = make_site(news(1))
    file = site.root / "content/voa/0.md"
    shown = run("inspect", file, "--site", site.root).stdout
    for words in ("profile  voa", "第0条新闻", "2023-11-10T07:06:40Z", "no problems"):
        assert words in shown
    data = json.loads(run("inspect", file, "--site", site.root, "--json").stdout)
    assert data["loaded"]["version"]["source"] == "voa"
    assert (
        "".join(piece["text"] for piece in data["trace"]["pieces"]).strip()
        == "这是第0条新闻的正文，写得不长。"
    )


def test_a_report_that_cannot_be_written_is_a_users_error(make_site: MakeSite) -> None:
    site = make_site(news(1))
    done = run("build", "--site", site.root, "--report", site.root / "no/such/folder/report.json")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1

"""`digest threads` as an editor sees it: what is printed, what is written, what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from editions import digest_of, page_of, scrape
from sites import Site
from test_build import article

from digest import cli as command_line
from digest.build.stories import Grouper
from digest.cli_columns import cut, pad, plain, width
from digest.cli_stories import tell_why
from digest.cli_threads import threads
from digest.grouping.why import Near, Other, Term, Why
from digest.model import Group, Grouping, Page, Thread

MakeSite = Callable[[str], Site]
README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")

TITLES = ("总统抵达旧金山", "總統在舊金山會晤", "会晤之后的声明", "油价上涨", "油价再涨", "今日天气")
# A day has 24 articles' hours; the third report of the summit comes five days after the second.
HOURS = (0, 1, 121, 2, 30, 3)


def id_of(number: int) -> str:
    return f"voa-{7_000_000 + HOURS[number]}"


def link(number: int) -> str:
    return f"https://www.voachinese.com/a/{7_000_000 + HOURS[number]}.html"


def find_groups(pages: Sequence[Page]) -> Grouping:
    """What stands for the machine: the summit (0, 1 one event; 2) and the oil price (3; 4)."""
    known = {page.id for page in pages}

    def group(*events: tuple[int, ...]) -> Group:
        parts = tuple(tuple(id_of(n) for n in event if id_of(n) in known) for event in events)
        return Group(id_of(events[0][0]), tuple(m for part in parts for m in part), parts)

    return Grouping((group((0, 1), (2,)), group((3,), (4,))), {id_of(1): id_of(0)})


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def site(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(Grouper, "begin", lambda _, pages: lambda: find_groups(pages))
    files = [
        f"-- content/voa/{n}.md --\n{article(HOURS[n], title=title, text=f'{title}。正文。')}"
        for n, title in enumerate(TITLES)
    ]
    return make_site("\n".join(files))


@pytest.fixture
def digest(site: Site, capfd: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    def run(*arguments: str | Path) -> Done:
        code = command_line._run(
            ["threads", *map(str, arguments), "--site", str(site.root), "--workers", "1"]
        )
        return Done(code, *capfd.readouterr())

    return run


def written(site: Site) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((site.root / "content/threads").glob("*"))}


def test_stories_are_listed_newest_first(digest):
    done = digest("list")
    assert (done.code, done.err) == (0, "")
    assert [line.split("  ")[0] for line in done.out.splitlines()] == [id_of(0), id_of(3)]
    first, second = done.out.splitlines()
    assert "2023-11-10 – 2023-11-15  3 reports  1 outlet  " in first
    assert first.index("3 reports") == second.index("2 reports")
    assert digest().out == done.out


def test_stories_are_filtered(digest):
    def ids(*options: str) -> list[str]:
        return [line.split()[0] for line in digest("list", *options).out.splitlines()]

    assert ids("--words", "油价") == [id_of(3)]
    assert ids("--words", "抵達 声明") == [id_of(0)]
    assert ids("--words", "舊金山会晤") == [id_of(0)]
    assert ids("--words", "会晤 油价") == []
    assert ids("--source", "美国之音", "--at-least", "3") == [id_of(0)]
    assert ids("--from", "2023-11-12") == [id_of(0)]
    assert ids("--to", "2023-11-10", "--sort", "covered") == [id_of(0), id_of(3)]
    assert [line.split()[0] for line in digest("--words", "油价").out.splitlines()] == [id_of(3)]


def test_stories_as_json(digest):
    digest("adopt", id_of(3), "--as", "oil", "--title", "油价")
    first, second = map(json.loads, digest("list", "--json").out.splitlines())
    assert (first["id"], first["file"], first["reports"]) == (id_of(0), None, 3)
    assert second == {
        "id": "oil", "url": "/threads/oil/", "title": "油价", "curated": True, "file": "threads/oil.md",
        "first": "2023-11-10", "last": "2023-11-11", "reports": 2, "sources": ["voa"],
    }  # fmt: skip


@pytest.mark.parametrize("name", [id_of(0), f"/threads/{id_of(0)}/", link(2), f"/2023/11/10/{id_of(1)}.html"])
def test_a_story_is_shown_by_any_name(digest, name):
    shown = digest("show", name).out.splitlines()
    assert shown[1] == f"/threads/{id_of(0)}/"
    assert shown[2] == "2023-11-10 – 2023-11-15, 3 reports: 美国之音 3"
    assert shown[3:5] == ["", "2023-11-10"]
    marks = [
        (line[2], line[4:].split()[0]) for line in shown if line.startswith("  ") and "voa-" in line[:20]
    ]
    assert sorted(name for _, name in marks) == sorted([id_of(0), id_of(1), id_of(2)])
    assert [mark for mark, _ in marks][1] == " "
    assert "    4 days without a report" in shown
    assert any(f"(the text of {id_of(0)})" in line for line in shown)


def test_an_editors_story_from_end_to_end(digest, site):
    done = digest("adopt", link(1), "--title", "旧金山会晤", "--as", "summit")
    assert (done.code, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert first.endswith("content/threads/summit.md: written")
    assert "`digest build` publishes it" in second
    assert written(site)["summit.md"] == (
        f"---\ntitle: 旧金山会晤\nid: summit\nadopt: {link(0)}  # {TITLES[0]}\n---\n\n"
    ).replace(TITLES[0], re.search("# (.*)", written(site)["summit.md"])[1])
    assert digest("adopt", link(1), "--title", "旧金山会晤", "--as", "summit").out.startswith(
        "nothing to change"
    )

    site.edit("content/threads/summit.md", "---\n\n", "---\n\n引言。\n")
    done = digest("move", link(4), id_of(5), "--to", "summit")
    assert done.out.splitlines()[0].endswith("content/threads/summit.md: changed")
    digest("exclude", link(2))
    digest("pin", link(0))
    assert written(site)["summit.md"].endswith(
        f"include:\n  - {link(5)}  # {TITLES[5]}\n  - {link(4)}  # {TITLES[4]}\n"
        f"exclude:\n  - {link(2)}  # {TITLES[2]}\npin:\n  - {link(0)}  # {TITLES[0]}\n---\n\n引言。\n"
    )
    report = site.build()
    assert report.problems == ()
    page = site.read("/threads/summit/")
    assert "旧金山会晤" in page
    assert "引言。" in page
    assert TITLES[5] in page
    assert TITLES[2] not in page


def test_merge_split_and_hide(digest, site):
    assert digest("merge", id_of(0), id_of(3)).code == 0
    assert digest("split", id_of(0), link(1), "--event", "--as", "arrival").code == 0
    assert [line.split()[0] for line in digest().out.splitlines()] == [id_of(0), "arrival"]
    assert digest("hide", id_of(0)).code == 0
    assert [line.split()[0] for line in digest().out.splitlines()] == ["arrival"]
    assert set(written(site)) == {f"{id_of(0)}.md", "arrival.md"}
    assert digest("split", id_of(0), link(1), "--event", "--as", "arrival").out.startswith(
        "nothing to change"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lst",), "lst"),
        (("list", "--from", "soon"), "YYYY-MM-DD"),
        (("list", "--source", "voaa"), "did you mean 'voa'"),
        (("show", "https://www.voachinese.com/a/1.html"), "no story and no article"),
        (("show", link(5)), "in no story"),
        (("why", "nowhere"), "no article"),
        (("adopt",), "REF"),
        (("adopt", "nowhere"), "no story and no article"),
        (("adopt", link(0), "--as", "Big News"), "lower-case"),
        (("adopt", link(0), "--as", "mine"), "another story's"),
        (("adopt", link(0), "--as", "there"), "exists already"),
        (("adopt", link(3), "--as", "oil"), "threads/mine.md already"),
        (("merge", link(0)), "REF"),
        (("merge", link(0), link(3)), "story of threads/mine.md"),
        (("move", link(0)), "--to"),
        (("move", link(0), "--to", "broken"), "threads/broken.md:3: the front matter is not valid YAML"),
        (("hide", link(5)), "in no story"),
        (("score", "/no/such/gold.tsv"), "/no/such/gold.tsv"),
        (("score", __file__), "file<TAB>story"),
    ],
)
def test_a_users_error_is_one_line_and_changes_nothing(digest, site, arguments, words):
    site.write("content/threads/mine.md", f"---\nadopt: {id_of(3)}\n---\n")
    site.write("content/threads/broken.md", f"---\nadopt: [{id_of(2)}\ninclude:\n  - {id_of(2)}\n---\n")
    (site.root / "content/threads/there.md").mkdir()
    before = {p: p.read_bytes() for p in (site.root / "content/threads").iterdir() if p.is_file()}
    done = digest(*arguments)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert words in done.err
    assert done.out == ""
    assert {p: p.read_bytes() for p in (site.root / "content/threads").iterdir() if p.is_file()} == before


def test_a_folder_that_cannot_be_written_is_a_users_error(digest, site):
    site.write("content/threads", "no folder")
    done = digest("adopt", link(0))
    assert done.code == 2
    assert "cannot be written" in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_file_keeps_its_mode_and_its_link(digest, site):
    site.write("elsewhere.md", f"---\nadopt: {id_of(3)}\n---\n")
    (site.root / "elsewhere.md").chmod(0o640)
    (site.root / "content/threads").mkdir()
    (site.root / "content/threads/oil.md").symlink_to(site.root / "elsewhere.md")
    assert digest("pin", link(4)).code == 0
    assert (site.root / "content/threads/oil.md").is_symlink()
    assert (site.root / "elsewhere.md").stat().st_mode & 0o777 == 0o640
    assert link(4) in (site.root / "elsewhere.md").read_text("utf-8")
    assert sorted(p.name for p in site.root.glob("*.md")) == ["elsewhere.md"]


def test_the_first_of_several_content_folders_gets_new_files(site, capfd):
    (site.root / "more").mkdir()
    site.write("site.toml", "content = ['content', 'more']\n")
    site.write("more/threads/oil.md", f"---\nadopt: {id_of(3)}\n---\n")
    for name in (id_of(0), id_of(3)):
        assert command_line._run(["threads", "pin", name, "--site", str(site.root)]) == 0
    assert (site.root / f"content/threads/{id_of(0)}.md").is_file()
    assert "pin:" in (site.root / "more/threads/oil.md").read_text("utf-8")
    capfd.readouterr()


def test_scores_of_a_window(digest, site):
    site.write("gold.tsv", "0.md\tsummit\n2.md\tsummit\n3.md\tsummit\n4.md\toil\ngone.md\toil\nodd\n")
    done = digest("score", site.root / "gold.tsv")
    assert done.code == 0
    assert done.out.splitlines() == ["b3   P 0.8000 R 0.5333 F1 0.6400", "b3+  P 0.7500 R 0.5333 F1 0.6234"]
    complaints = done.err.splitlines()
    assert "lines that are not two columns" in complaints[0]
    assert "line 6 'odd'" in complaints[0]
    assert "lines that name no file of the archive" in complaints[1]
    assert "line 5 'gone.md'" in complaints[1]


def test_scores_of_long_stories_and_their_mistakes(digest, site):
    site.write("gold.tsv", "summit\t0.md\nsummit\t1.md\nsummit\t3.md\n")
    done = digest("score", site.root / "gold.tsv", "--mistakes")
    lines = done.out.splitlines()
    assert lines[0] == f"0.667  story    3  thread    3  common    2  summit  {id_of(0)}"
    assert lines[1] == "mean best-match F1 0.6667"
    assert lines[3] == "summit: 3 articles in 2 pieces, 1 intruders"
    assert lines[4].startswith(f"     2  {id_of(0)}  ")
    assert lines[5].startswith(f"     1  {id_of(3)}  ")
    assert (
        lines[6] == f"          {id_of(3)}  {TITLES[3]}  [summit]"
        or lines[6] == f"          {id_of(3)}  {TITLES[3]}"
    )
    assert lines[8] == f"          {id_of(2)}  {TITLES[2]}"


def test_automatic_scores_leave_the_editors_files_out(digest, site):
    site.write("gold.tsv", "summit\t0.md\nsummit\t1.md\nsummit\t2.md\nsummit\t3.md\nsummit\t4.md\n")
    digest("merge", id_of(0), id_of(3))
    assert "F1 1.0000" in digest("score", site.root / "gold.tsv").out
    assert "F1 0.7500" in digest("score", site.root / "gold.tsv", "--automatic").out


def test_why_tells_terms_neighbours_and_runners_up():
    pages = [page_of(scrape(n, title=f"第{n}篇")) for n in (1, 2, 3)]
    story = Thread("rfi-1", "/threads/rfi-1/", "会晤", False, ("rfi-1", "rfi-2"), "", "", ())
    mine = Thread(
        "s", "/threads/s/", "别的", True, ("rfi-3",), "", "", (), path="threads/s.md", former=("rfi-9",)
    )
    why = Why(
        "rfi-1", 0.5312, 0.41, (Term("旧金山", 0.2), Term("习近平\x1b", 0.1234)),
        (Near("rfi-1", 0.61), Near("gone", 0.3)), (Other("rfi-9", 0.33),), "a late report",
    )  # fmt: skip
    edition = digest_of(*pages, threads=(story, mine))
    assert list(tell_why(why, pages[1], edition)) == [
        "rfi-2  第2篇",
        "is in rfi-1  会晤",
        "likeness 0.53; it takes 0.41",
        "a late report",
        "",
        "shared terms",
        "  0.200  旧金山",
        "  0.123  习近平",
        "",
        "nearest reports",
        "  0.610  rfi-1  第1篇",
        "  0.300  gone",
        "",
        "other stories",
        "  0.330  rfi-9  别的",
    ]
    alone = list(tell_why(Why(None, 0.2, 0.41), pages[2], edition))
    assert alone[1:] == [
        "is in no story of the machine's",
        "the likest has 0.20; it takes 0.41",
        "published in /threads/s/, as threads/s.md has it",
    ]


def test_columns_count_the_cells_of_a_terminal():
    assert [width(text) for text in ("abc", "会晤", "a会", "Ａ", "e\u0301", "｢")] == [3, 4, 3, 2, 1, 1]
    assert pad("会", 4) == "会  "
    assert [cut("会晤之后", cells) for cells in (8, 7, 6, 5)] == ["会晤之后", "会晤之…", "会晤…", "会晤…"]
    assert plain("一\n\x1b[31m二\u202e") == "一 [31m二"


def test_readme_lists_the_commands_of_threads_and_their_options():
    listed = set(re.findall(r"^\| `digest threads (\w+)", README, re.M))
    assert listed == set(threads.commands)
    section = README.partition("## Options of `digest threads`\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|")[:2] for line in section.splitlines() if line.startswith("| `")]
    for name, command in threads.commands.items():
        real = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        of_it = [options for options, whose in rows if {"all", name} & set(whose.strip().split(", "))]
        assert {o for options in of_it for o in re.findall("`(--[a-z-]+)", options)} == real, name

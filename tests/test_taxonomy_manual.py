"""The examples of docs/pages/curating.md do to stories what it says they do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from editions import config_in, scrape

from digest.loaders.curator import load_curated
from digest.model import Digest, Group, Grouping, Page, SourceFile, Thread
from digest.taxonomy import assemble
from digest.taxonomy.rules import Rules

MANUAL = (Path(__file__).parent.parent / "docs" / "pages" / "curating.md").read_text("utf-8")
THREADS = re.split(r"^## ", MANUAL.partition("\n## Threads\n")[2], flags=re.M)[0]
RECIPES = {
    part.partition("\n")[0]: re.findall(r"^`content/([^`]+)`:\n\n```markdown\n(.*?)```", part, re.S | re.M)
    for part in re.split(r"^### ", THREADS, flags=re.M)[1:]
}

ARTICLES = {
    "voa-7349126": "https://www.voachinese.com/a/7349126.html",
    "voa-7349130": "https://www.voachinese.com/a/7349130.html",
    "zaobao-1449301": "https://www.zaobao.com.sg/news/china/story20231110-1449301",
    "zaobao-1449305": "https://www.zaobao.com.sg/news/china/story20231110-1449305",
    "dw-54541674": "https://www.dw.com/zh/%E9%A2%98/a-54541674",
    "dw-54541675": "https://www.dw.com/zh/%E9%A2%98/a-54541675",
    "bbc-67104410": "https://www.bbc.com/zhongwen/simp/world-67104410",
    "bbc-67104411": "https://www.bbc.com/zhongwen/simp/world-67104411",
}
SUMMIT, CHIPS, LUNCH = (
    ["voa-7349126", "voa-7349130", "zaobao-1449301", "zaobao-1449305"],
    ["dw-54541674", "dw-54541675"],
    ["bbc-67104410", "bbc-67104411"],
)


def _story(members: list[str]) -> Group:
    return Group(members[0], tuple(members), tuple((member,) for member in members))


def _group(_: Sequence[Page]) -> Callable[[], Grouping]:
    return lambda: Grouping((_story(SUMMIT), _story(CHIPS), _story(LUNCH)))


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str], Digest]:
    def run(recipe: str) -> Digest:
        versions = [
            scrape(
                n, path=f"{name}.md", source=name.split("-")[0], key=f"key:{name.split('-')[1]}", link=link
            )
            for n, (name, link) in enumerate(ARTICLES.items())
        ]
        (example,) = RECIPES[recipe]
        curated = load_curated([SourceFile(example[0], example[1].encode())])
        return assemble(versions, curated, config_in(tmp_path), dict[str, str]().__getitem__, group=_group)

    return run


def _members(digest: Digest) -> dict[str, list[str]]:
    return {thread.id: list(thread.members) for thread in digest.threads}


def _of(digest: Digest) -> Thread:
    assert digest.problems == ()
    return next(thread for thread in digest.threads if thread.curated)


def test_every_recipe_is_tried_here() -> None:
    tried = set(re.findall(r'edited\("([^"]+)"\)', Path(__file__).read_text("utf-8")))
    assert {*tried, "A story by your own rules", "All keys"} == set(RECIPES)
    assert [len(RECIPES[name]) for name in tried] == [1] * len(tried)


def test_take_over(edited):
    thread = _of(edited("Take a story over"))
    assert (thread.url, thread.former) == ("/threads/filoli/", ("voa-7349126",))
    assert (thread.title, thread.members) == ("斐洛里庄园的四小时", tuple(SUMMIT))


def test_add_and_take_out(edited):
    digest = edited("Add and take out articles")
    assert sorted(_of(digest).members) == ["dw-54541674", "voa-7349126", "voa-7349130", "zaobao-1449305"]
    assert not any("zaobao-1449301" in thread.members for thread in digest.threads)


def test_merge(edited):
    digest = edited("Make two stories one")
    assert _members(digest) == {"summit": [*SUMMIT, *CHIPS, *LUNCH]}
    assert _of(digest).former == ("voa-7349126", "dw-54541674", "bbc-67104410")


def test_split(edited):
    digest = edited("Split a story")
    assert _members(digest)["panda-return"] == ["voa-7349130", "zaobao-1449305"]
    assert _members(digest)["voa-7349126"] == ["voa-7349126", "zaobao-1449301"]
    assert _of(digest).former == ()


def test_move(edited):
    digest = edited("Move an article to another story")
    assert _members(digest)["export-controls"] == ["zaobao-1449301", *CHIPS]
    assert _members(digest)["voa-7349126"] == [page for page in SUMMIT if page != "zaobao-1449301"]
    titles = {page.id: page.title for page in digest.pages}
    assert _of(digest).title in {titles[page] for page in _of(digest).members}


def test_pin(edited):
    events = {event.members: event.key for event in _of(edited("Mark key events")).events}
    assert events["voa-7349130",]


def test_hide(edited):
    digest = edited("Hide a story")
    assert (list(_members(digest)), digest.problems) == (["dw-54541674", "voa-7349126"], ())
    assert "bbc-67104410" in digest.retired
    assert {"bbc-67104410", "bbc-67104411"} <= {page.id for page in digest.pages}


def test_the_manual_lists_the_codes_of_problems_and_no_others() -> None:
    room = Path(Rules.choose.__code__.co_filename).parent
    code = "".join((room / f"{name}.py").read_text("utf-8") for name in ("editing", "rules", "threads"))
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", THREADS.partition("| code |")[2], re.M))
    assert listed == set(re.findall(r'(?:Problem\(|_report\()"([a-z-]+)"', code))

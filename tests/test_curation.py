"""The editor's hand: each command writes files that say what was asked, and changes nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from editions import config_in, digest_of, page_of, scrape
from hypothesis import given
from hypothesis import strategies as st

from digest.curation import edits
from digest.curation.edits import Edit
from digest.curation.front_matter import Change, Entry, change
from digest.curation.selection import Selection, select
from digest.curation.stories import Stories
from digest.curation.writing import write
from digest.errors import ContentError
from digest.loaders.curator import load_curated
from digest.model import Digest, Group, Grouping, SourceFile, Thread, ThreadFile
from digest.sources.address import Addresses
from digest.taxonomy.lookup import Lookup
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.threads import Archive, build_threads

PAGES = tuple(page_of(scrape(number, title=f"第{number}篇：新闻")) for number in range(1, 13))


def group(*events: tuple[int, ...], former: tuple[str, ...] = ()) -> Group:
    parts = tuple(tuple(f"rfi-{number}" for number in event) for event in events)
    members = tuple(page for part in parts for page in part)
    return Group(members[0], members, parts, former)


# Three stories; 11 and 12 are in none.
FOUND = (
    group((1, 2), (3,)),
    group((4,), (5, 6), (7,), former=("rfi-40",)),
    group((8, 9), (10,)),
)


class Desk:
    """A site's thread files, and the stories that the machine's and these make."""

    def __init__(self, config, groups: Sequence[Group] = FOUND) -> None:
        self.files: dict[str, bytes] = {}
        self.grouping = Grouping(tuple(groups))
        self._profiles = config.profiles

    def read(self) -> tuple[ThreadFile, ...]:
        return load_curated([SourceFile(path, data) for path, data in self.files.items()]).threads

    def edition(self) -> tuple[Digest, list[str]]:
        """The edition, and the codes of what a build would report."""
        lookup = Lookup(PAGES, Addresses(self._profiles))
        days = {page.id: page.day for page in PAGES}
        archive = Archive(PAGES, lookup, lookup, Outlets(self._profiles, ("rfi",)), days)
        files = self.read()
        laid = build_threads(files, self.grouping, archive)
        problems = [p.code for p in laid.problems] + [p.code for f in files for p in f.problems]
        return digest_of(*PAGES, threads=laid.threads), problems

    def stories(self) -> Stories:
        return Stories(self.edition()[0], self.grouping, self.read(), Addresses(self._profiles))

    def do(self, command: Callable[..., list[Edit]], *arguments: object, **options: object) -> list[str]:
        """Runs a command; the paths written."""
        made = command(self.stories(), *arguments, **options)
        for edit in made:
            assert edit.is_new == (edit.path not in self.files)
            self.files[edit.path] = write(edit, self.files.get(edit.path))
        return [edit.path for edit in made]

    def text(self, path: str) -> str:
        return self.files[path].decode()

    def members(self) -> dict[str, list[int]]:
        return {t.id: [int(m.removeprefix("rfi-")) for m in t.members] for t in self.edition()[0].threads}

    def thread(self, name: str) -> Thread:
        return next(thread for thread in self.edition()[0].threads if thread.id == name)

    def problems(self) -> list[str]:
        return self.edition()[1]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory):
    return config_in(tmp_path_factory.mktemp("site"))


@pytest.fixture
def desk(config) -> Desk:
    return Desk(config)


@pytest.fixture(scope="module")
def new_desk(config) -> Callable[[], Desk]:
    return lambda: Desk(config)


def link(number: int) -> str:
    return f"https://www.example.com/{number}"


def test_adopt_writes_a_file_that_keeps_the_address(desk: Desk):
    assert desk.do(edits.adopt, link(5)) == ["threads/rfi-4.md"]
    assert re.sub(" #.*", " #", desk.text("threads/rfi-4.md")) == (
        "---\nid: rfi-4\nadopt: https://www.example.com/4  #\n---\n\n"
    )
    assert desk.members() == {"rfi-1": [1, 2, 3], "rfi-4": [4, 5, 6, 7], "rfi-8": [8, 9, 10]}
    thread = desk.thread("rfi-4")
    assert (thread.curated, thread.former, desk.problems()) == (True, ("rfi-40",), [])


def test_adopt_names_the_story(desk: Desk):
    desk.do(edits.adopt, "rfi-40", title="会晤: 始末", slug="summit")
    assert desk.text("threads/summit.md").startswith("---\ntitle: '会晤: 始末'\nid: summit\nadopt: ")
    thread = desk.thread("summit")
    assert (thread.title, thread.former) == ("会晤: 始末", ("rfi-4", "rfi-40"))
    assert desk.do(edits.adopt, "/threads/rfi-4/", title="会晤: 始末", slug="summit") == []
    assert desk.do(edits.adopt, "summit", title="会晤") == ["threads/summit.md"]
    assert desk.thread("summit").title == "会晤"


def test_an_article_in_no_story_can_become_one(desk: Desk):
    desk.do(edits.adopt, link(11), slug="alone")
    desk.do(edits.move, [link(12)], "alone")
    assert desk.members()["alone"] == [11, 12]
    assert desk.problems() == []


def test_merge_lets_stories_flow_into_the_first(desk: Desk):
    assert desk.do(edits.merge, ["rfi-1", link(9), "rfi-4"]) == ["threads/rfi-1.md"]
    assert desk.members() == {"rfi-1": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}
    assert desk.do(edits.merge, ["rfi-1", "rfi-8", "rfi-4"]) == []
    assert desk.problems() == []


def test_merge_into_a_named_story_adds_to_its_file(desk: Desk):
    desk.do(edits.adopt, "rfi-1", slug="one")
    assert desk.do(edits.merge, ["one", "rfi-8"]) == ["threads/one.md"]
    assert desk.members() == {"one": [1, 2, 3, 8, 9, 10], "rfi-4": [4, 5, 6, 7]}


def test_split_makes_a_story_of_some_articles(desk: Desk):
    assert desk.do(edits.split, "rfi-4", [link(4), "rfi-5"], title="另一件事", slug="other") == [
        "threads/other.md"
    ]
    assert desk.members() == {"other": [4, 5], "rfi-1": [1, 2, 3], "rfi-4": [6, 7], "rfi-8": [8, 9, 10]}
    assert desk.do(edits.split, "rfi-4", [link(4), "rfi-5"], slug="other") == []
    assert desk.problems() == []


def test_split_takes_whole_events_along(desk: Desk):
    desk.do(edits.split, "rfi-4", ["rfi-6"], whole_events=True)
    assert desk.members()["rfi-5"] == [5, 6]
    assert desk.do(edits.split, "rfi-4", ["rfi-6"], whole_events=True) == []


def test_split_off_a_story_whose_file_includes_the_articles(desk: Desk):
    desk.files["threads/a.md"] = (
        "---\ntitle: 甲\nwords: [没有]\ninclude: [rfi-1, rfi-2, rfi-11]\n---\n".encode()
    )
    desk.files["threads/b.md"] = b"---\ninclude: [rfi-8, rfi-9, rfi-12]\n---\n"
    desk.do(edits.split, "a", ["rfi-11"], title="乙", slug="c")
    desk.do(edits.split, "rfi-12", ["rfi-8", "rfi-9"], slug="d")
    assert desk.members() == {"a": [1, 2], "b": [12], "c": [11], "d": [8, 9], "rfi-4": [4, 5, 6, 7]}
    assert (desk.thread("a").title, desk.thread("c").title) == ("甲", "乙")
    assert desk.do(edits.split, "a", ["rfi-11"], title="乙", slug="c") == []
    assert desk.do(edits.split, "rfi-11", ["rfi-11"]) == []
    assert desk.do(edits.split, "b", ["rfi-8", "rfi-9"]) == []
    assert desk.problems() == []


def test_split_finds_an_id_that_is_free(desk: Desk):
    # The founder's own id is the address of the story it leaves.
    assert desk.do(edits.split, "rfi-4", ["rfi-4", "rfi-6"]) == ["threads/rfi-6.md"]
    with pytest.raises(ContentError, match="--as"):
        desk.do(edits.split, "rfi-1", ["rfi-1"])


def test_what_a_rule_chose_is_excluded_when_it_is_split_off_or_moved(desk: Desk):
    desk.files["threads/all.md"] = "---\nwords: [新闻]\ninclude:\n  - rfi-2\npin:\n  - rfi-2\n---\n".encode()
    desk.do(edits.split, "all", ["rfi-2", "rfi-7"], slug="some")
    assert desk.members()["some"] == [2, 7]
    assert 2 not in desk.members()["all"]
    assert "pin" not in desk.text("threads/all.md")
    desk.do(edits.move, ["rfi-3", "rfi-7"], "all")
    desk.do(edits.move, ["rfi-3"], "some")
    assert desk.members() == {"all": [1, 4, 5, 6, 7, 8, 9, 10, 11, 12], "some": [2, 3]}
    assert desk.do(edits.move, ["rfi-3"], "some") == []
    assert desk.problems() == []


def test_move_between_the_machines_stories_needs_one_file(desk: Desk):
    assert desk.do(edits.move, [link(7), "rfi-11"], "rfi-8") == ["threads/rfi-8.md"]
    assert desk.members() == {"rfi-1": [1, 2, 3], "rfi-4": [4, 5, 6], "rfi-8": [7, 8, 9, 10, 11]}
    assert desk.do(edits.move, ["rfi-7", "rfi-11"], link(8)) == []
    desk.do(edits.move, ["rfi-7"], "rfi-4")
    assert desk.members()["rfi-4"] == [4, 5, 6, 7]
    assert "/7" not in desk.text("threads/rfi-8.md")
    assert desk.problems() == []


def test_exclude_and_pin_write_into_the_storys_file(desk: Desk):
    assert desk.do(edits.exclude, ["rfi-8"]) == ["threads/rfi-8.md"]
    assert "adopt: https://www.example.com/9" in desk.text("threads/rfi-8.md")
    assert desk.do(edits.pin, [link(10)]) == ["threads/rfi-8.md"]
    assert desk.members()["rfi-8"] == [9, 10]
    assert [event.key for event in desk.thread("rfi-8").events if "rfi-10" in event.members] == [True]
    assert desk.do(edits.exclude, ["rfi-8"]) == desk.do(edits.exclude, ["rfi-8"], "rfi-8") == []
    assert desk.do(edits.pin, ["rfi-10"]) == []
    assert desk.problems() == []


def test_exclude_does_not_go_on_to_the_story_an_article_falls_back_to(desk: Desk):
    desk.files["threads/a.md"] = b"---\ninclude: [rfi-1, rfi-11]\n---\n"
    assert desk.do(edits.exclude, ["rfi-1"]) == ["threads/a.md"]
    assert desk.members() == {"a": [11], "rfi-1": [1, 2, 3], "rfi-4": [4, 5, 6, 7], "rfi-8": [8, 9, 10]}
    assert desk.do(edits.exclude, ["rfi-1"]) == []
    assert desk.do(edits.exclude, ["rfi-1"], "rfi-1") == ["threads/rfi-1.md"]


def test_hide_takes_a_story_off(desk: Desk):
    assert desk.do(edits.hide, link(2)) == ["threads/rfi-1.md"]
    assert "rfi-1" not in desk.members()
    for name in ("rfi-1", link(2), "/threads/rfi-1/"):
        assert desk.do(edits.hide, name) == []
    desk.do(edits.adopt, "rfi-4", slug="summit")
    assert desk.do(edits.hide, "summit") == ["threads/summit.md"]
    assert desk.problems() == []


@pytest.mark.parametrize(
    ("command", "arguments", "words"),
    [
        (edits.adopt, ("https://www.example.com/99",), "no story and no article"),
        (edits.adopt, ("/threads/gone/",), "no story and no article"),
        (edits.adopt, ("mine", "", "yours"), "belongs to threads/mine.md"),
        (edits.adopt, ("rfi-4", "", "mine"), "another story's already"),
        (edits.adopt, ("rfi-4", "", "rfi-8"), "another story's already"),
        (edits.adopt, ("rfi-4", "", "Summit"), "lower-case"),
        (edits.adopt, ("rfi-4", "", "2023-11"), "listed"),
        (edits.merge, (["rfi-4", "rfi-1"],), "story of threads/mine.md"),
        (edits.split, ("rfi-4", ["rfi-8"]), "no article of the story rfi-4"),
        (edits.split, ("rfi-4", ["rfi-4", "rfi-5", "rfi-6", "rfi-7"]), "all articles"),
        (edits.split, ("rfi-11", ["rfi-11"]), "in no story"),
        (edits.move, (["nowhere"], "rfi-4"), "'nowhere' is no article"),
        (edits.move, (["rfi-4"], "off"), "hidden by threads/off.md"),
        (edits.exclude, (["rfi-8", "rfi-9", "rfi-10"], "off"), "hidden by threads/off.md"),
        (edits.exclude, (["rfi-11"],), "in no story"),
        (edits.exclude, (["rfi-1", "rfi-2", "rfi-3"],), "all articles"),
        (edits.exclude, (["rfi-12"],), "in several stories: x, y"),
        (edits.pin, (["rfi-4"], "mine"), "no article of the story mine"),
        (edits.hide, ("rfi-11",), "in no story"),
        (edits.hide, ("x",), "threads/x.md adopts no story"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, command, arguments, words):
    desk.files |= {
        "threads/mine.md": b"---\nadopt: rfi-1\n---\n",
        "threads/off.md": b"---\nadopt: rfi-8\nhide: true\n---\n",
        "threads/x.md": b"---\ninclude: [rfi-12]\n---\n",
        "threads/y.md": b"---\nwords: ['\xe7\xac\xac12\xe7\xaf\x87']\n---\n",
    }
    before = dict(desk.files)
    with pytest.raises(ContentError, match=re.escape(words)) as caught:
        desk.do(command, *arguments)
    assert "\n" not in str(caught.value)
    assert desk.files == before


def test_an_article_is_named_by_its_address_where_that_can_be_read(config):
    pages = [
        page_of(scrape(1, link="https://www.example.com/%E6%96%B0%E9%97%BB/a1", title="一\n二 \x1b[31m")),
        page_of(scrape(2, link="https://www.example.com/" + "%E6%96%B0" * 90, title="长" * 60)),
        page_of(scrape(3, link="")),
        page_of(scrape(4, link="https://www.example.com/a%2Fb")),
        page_of(scrape(5, link="https://www.example.com/%E6%96a")),
        # One address, scraped under two outlets' names, does not tell them apart.
        page_of(scrape(6, link="https://www.example.com/both")),
        page_of(scrape(7, link="https://www.example.com/both", source="voa")),
    ]
    stories = Stories(digest_of(*pages), Grouping(), (), Addresses(config.profiles))
    assert [stories.name(page).text for page in pages] == [
        "https://www.example.com/新闻/a1", "rfi-2", "rfi-3", "rfi-4", "rfi-5", "rfi-6", "voa-7",
    ]  # fmt: skip
    assert stories.name(pages[0]).note == "一 二 [31m"
    assert len(stories.name(pages[1]).note) == 40


def test_deleting_what_was_written_restores_the_story(desk: Desk):
    before = desk.members()
    desk.do(edits.adopt, "rfi-4", slug="summit")
    adopted, members = desk.text("threads/summit.md"), desk.members()
    desk.do(edits.exclude, ["rfi-5"])
    added = "exclude:\n" + next(
        line for line in desk.text("threads/summit.md").splitlines(True) if "/5" in line
    )
    desk.files["threads/summit.md"] = desk.text("threads/summit.md").replace(added, "").encode()
    assert (desk.text("threads/summit.md"), desk.members()) == (adopted, members)
    del desk.files["threads/summit.md"]
    assert desk.members() == before


PAGE = st.sampled_from([page.id for page in PAGES])
COMMANDS = st.one_of(
    st.tuples(st.just(edits.adopt), PAGE),
    st.tuples(st.just(edits.merge), st.lists(PAGE, min_size=2, max_size=3)),
    st.tuples(st.just(edits.split), PAGE, st.lists(PAGE, min_size=1, max_size=3)),
    st.tuples(st.just(edits.move), st.lists(PAGE, min_size=1, max_size=3), PAGE),
    st.tuples(st.just(edits.exclude), st.lists(PAGE, min_size=1, max_size=2)),
    st.tuples(st.just(edits.pin), st.lists(PAGE, min_size=1, max_size=2)),
)


@given(steps=st.lists(COMMANDS, max_size=6))
def test_any_commands_leave_files_a_build_has_nothing_to_say_about(new_desk, steps):
    desk = new_desk()
    for command, *arguments in steps:
        try:
            desk.do(command, *arguments)
        except ContentError:
            continue
        assert desk.do(command, *arguments) == [], "done twice, it changes something"
        if command is edits.move:
            to = desk.stories().story(arguments[1]).id
            assert {int(p.removeprefix("rfi-")) for p in arguments[0]} <= set(desk.members()[to])
    # A story may be emptied, and a pinned article may fall out of one; nothing else may be wrong.
    assert set(desk.problems()) <= {"thread-empty", "pin-stray"}


AWKWARD = {
    "flush": "---\ntitle: x\ninclude:\n- a   # why\n# end\n---\n正文\n",
    "indented": "---\ninclude:\n    -   a\n    -   b\n\n    # trailing\nhide: false # no\n---\n",
    "flow": "---\ninclude: [ a,'b' ] # two\nexclude: []   # none\n---\n",
    "flow over lines": "---\ninclude: [\n  a,\n  b,\n]\nid: s\n---\n",
    "one text": "---\ninclude: a # one\nid: s\n---\n",
    "nothing": "---\ninclude:\nexclude: ~\nid:\n---\n",
    "comments only": "---\n# nothing yet\n---\n---\n",
    "no front matter": "# 标题\n\n正文 --- \n",
    "empty": "",
    "windows": "---\r\ninclude:\r\n  - a\r\n---\r\n正文\r\n",
    "byte order mark": "\ufeff---\nid: s\n---\n正文\n",
    "mark alone": "\ufeff正文",
    "rule below": "---\nid: s\n---\n上\n\n---\n\n下\n",
    "quoted keys": "---\n'include':\n  - 'a'\n\"id\" : s\n---\n",
    "faulty": "---\nwrods: [a]\nfrom: soon\ninclude:\n  - a\n---\n",
    "long": "---\nid: s\ninclude:\n  - a\n  - " + "长" * 300 + "\nfrom: 2023-01-02\n---\n",
    "folded": "---\ntitle: >-\n  一\n  二\ninclude:\n  - a\n---\n",
    "given twice": "---\ninclude: [a]\ninclude:\n  - b\n---\n",
}
CHANGES = (
    Change("title", put=Entry("新: 题", "注")),
    Change("include", add=(Entry("https://www.rfi.fr/cn/中国/a-1", "题 # 目"), Entry("rfi-x, [y]: 'z'"))),
    Change("exclude", add=(Entry("2020-01-01"),)),
    Change("pin", add=(Entry("true"), Entry("rfi-x"))),
    Change("hide", on=True),
)


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_an_edit_leaves_every_other_character_as_it_is(text):
    new = write(Edit("threads/s.md", CHANGES), text.encode()).decode()
    file = load_curated([SourceFile("threads/s.md", new.encode())]).threads[0]
    assert file.include[-2:] == ("https://www.rfi.fr/cn/中国/a-1", "rfi-x, [y]: 'z'")
    assert (file.title, file.hide, file.exclude, file.pin) == (
        "新: 题",
        True,
        ("2020-01-01",),
        ("true", "rfi-x"),
    )
    assert write(Edit("threads/s.md", CHANGES), new.encode()).decode() == new
    # Only what `title`, `hide` and an empty list held may be gone; else all that stood there still does, in order.
    kept = re.sub(r">-\n  一\n  二|(?<=title: )x|false| \[\](?=   # none)|~", "", text)
    rest = iter(new)
    assert all(letter in rest for letter in kept), new
    assert ("\r" in text) == (re.search("(?<!\r)\n", new) is None)
    has_front = text.lstrip("\ufeff").startswith("---")
    assert new.endswith(text.split("---", 2)[2] if has_front else text.lstrip("\ufeff"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("---\ninclude:\n- a   # why\n- b\n---\n", "---\ninclude:\n- b\n---\n"),
        ("---\ninclude:\n  # both\n  - a\nid: s\n---\n", "---\n  # both\nid: s\n---\n"),
        ("---\ninclude: # mine\n  - a\n---\n", "---\ninclude: # mine\n---\n"),
        ("---\ninclude: [a, b, 'a']\n---\n", "---\ninclude: [b]\n---\n"),
        ("---\ninclude: [a]\n---\n", "---\ninclude: []\n---\n"),
        ("---\ninclude: a\nid: s\n---\n", "---\nid: s\n---\n"),
        ("---\ninclude: a  # mine\n---\n", "---\ninclude:  # mine\n---\n"),
        ("---\nid: a\n---\n- a\n", "---\nid: a\n---\n- a\n"),
    ],
)
def test_what_is_dropped_goes_with_its_line(text, left):
    assert change(text, [Change("include", drop=("a",))], "threads/s.md") == left


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1)
        .map(str.strip)
        .filter(bool),
        min_size=1,
        unique=True,
    ),
    st.sampled_from(sorted(AWKWARD)),
)
def test_any_text_reads_back_and_taking_it_out_restores_the_file(texts, name):
    before = write(Edit("threads/s.md", (Change("include", add=(Entry("rfi-1"),)),)), AWKWARD[name].encode())
    held = load_curated([SourceFile("threads/s.md", before)]).threads[0].include
    new = [text for text in texts if text not in held]
    after = write(Edit("threads/s.md", (Change("include", add=tuple(map(Entry, new))),)), before)
    assert load_curated([SourceFile("threads/s.md", after)]).threads[0].include == (*held, *new)
    assert write(Edit("threads/s.md", (Change("include", drop=tuple(new)),)), after) == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"---\nid: s\ninclude: [a\n---\n", "threads/s.md:4: the front matter is not valid YAML"),
        (b"---\nid: s\ntitle: a: b\n---\n", "threads/s.md:3: the front matter is not valid YAML"),
        (b"---\nid: s\n", "threads/s.md:1: the front matter has no closing line"),
        (b"---\n- a\n---\n", "threads/s.md:2: the front matter is not made of lines"),
        (b"---\n{id: s}\n---\n", "threads/s.md:2: the front matter is not made of lines"),
        ("---\nid: s\n---\n中国".encode("gbk"), "threads/s.md:4: the file is not UTF-8"),
        (b"---\rid: s\r---\r", "cannot be edited here"),
        (b"---\ninclude: |\n  a\n---\n", "cannot be edited here"),
        (b"---\nexclude: &x [a]\ninclude: *x\n---\n", "cannot be edited here"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(data, words):
    edit = Edit("threads/s.md", (Change("include", add=(Entry("rfi-1"),)),))
    with pytest.raises(ContentError, match=re.escape(words)) as caught:
        write(edit, data)
    assert "\n" not in str(caught.value)


def test_a_new_file_must_read_back_without_a_fault():
    with pytest.raises(ContentError, match="cannot be edited"):
        write(Edit("threads/s.md", (Change("id", put=Entry("Big News")),), is_new=True), None)


def test_stories_are_selected_by_words_outlet_period_and_size(desk: Desk):
    digest = desk.edition()[0]

    def ids(order="newest", **fields):
        return [thread.id for thread in select(digest, Selection(**fields), order)]

    assert ids() == ["rfi-4", "rfi-1", "rfi-8"]
    assert ids("covered", at_least=4) == ["rfi-4"]
    assert ids(words=("第4篇", "第7")) == ["rfi-4"]
    assert ids(source="voa") == []
    assert ids(first="2023-11-01", last="2023-11-01") == ["rfi-4", "rfi-1", "rfi-8"]
    assert ids(first="2023-11-02") == []

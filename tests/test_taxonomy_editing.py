"""The editor's files laid over the machine's stories: what moves, what is said, and what is never lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC

import pytest
from editions import config_in, page_of, scrape
from hypothesis import given
from hypothesis import strategies as st

from digest.model import Correction, Curated, Event, Group, Grouping, Page, Thread, ThreadFile
from digest.sources.address import Addresses
from digest.taxonomy import assemble
from digest.taxonomy.lookup import Lookup
from digest.taxonomy.material import Material
from digest.taxonomy.outlets import Outlets
from digest.taxonomy.pages import local_day
from digest.taxonomy.telling import Telling
from digest.taxonomy.threads import Archive, Threads, build_threads

PAGES = tuple(page_of(scrape(number, title=f"第{number}篇")) for number in range(1, 13))


def _group(*events: tuple[int, ...], former: tuple[str, ...] = (), related: tuple[int, ...] = ()) -> Group:
    parts = tuple(tuple(f"rfi-{number}" for number in event) for event in events)
    members = tuple(page for part in parts for page in part)
    return Group(members[0], members, parts, former, tuple(f"rfi-{n}" for n in related))


# Three stories; 11 and 12 are in none. `rfi-20` and `rfi-40` are ids that earlier builds gave.
STORIES = Grouping(
    (
        _group((1, 2), (3,), former=("rfi-20",), related=(4, 8)),
        _group((4,), (5, 6), (7,), former=("rfi-40", "rfi-41"), related=(8, 1)),
        _group((8, 9), (10,), related=(1, 4)),
    ),
    {"rfi-2": "rfi-1", "rfi-3": "rfi-1", "rfi-6": "rfi-5"},
)


def _tell(stories: Sequence[Material]) -> list[Telling]:
    return [_tell_one(story) for story in stories]


def _tell_one(story: Material) -> Telling:
    items = story.items
    told = (
        Event(items[e[0]].day, tuple(items[n].id for n in e), any(n in story.pinned for n in e))
        for e in story.events
    )
    copies = " ".join(items[n].id for n in story.copies)
    return Telling(f"机器的题目 {copies}".strip(), "zh-Hans", (), tuple(told))


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Threads]:
    config = config_in(tmp_path_factory.mktemp("site"))
    outlets, addresses = Outlets(config.profiles, ("rfi", "voa")), Addresses(config.profiles)

    def run(*files: ThreadFile, grouping: Grouping = STORIES, pages: Sequence[Page] = PAGES) -> Threads:
        lookup = Lookup(pages, addresses)
        days = {page.id: local_day(page.moment, UTC) for page in pages if page.moment}
        return build_threads(files, grouping, Archive(pages, lookup, lookup, outlets, days), _tell)

    return run


def _file(name: str = "s", **fields: object) -> ThreadFile:
    """A thread file with the line of each of its references: 2, 3, 4 …"""
    keys = ("adopt", "merge", "include", "exclude", "pin", "id", "hide")
    texts = {key: v if isinstance(v, tuple) else (v,) for key, v in fields.items() if key in keys}
    items = [f"{key}:{value}" for key, values in texts.items() for value in values]
    lines = [(item, number) for number, item in enumerate(items, 2)]
    lines += [(key, dict(lines)[f"{key}:{values[0]}"]) for key, values in texts.items() if values]
    given = {"path": f"threads/{name}.md", "id": name, "title": name, "html": "", "lines": tuple(lines)}
    return ThreadFile(**{**given, **fields})


def _numbers(thread: Thread) -> list[int]:
    return [int(page.removeprefix("rfi-")) for page in thread.members]


def _stories(threads: Threads) -> dict[str, list[int]]:
    return {thread.id: _numbers(thread) for thread in threads.threads}


def _said(threads: Threads) -> list[tuple[str, str, int]]:
    return [(p.code, p.path.removeprefix("threads/").removesuffix(".md"), p.line) for p in threads.problems]


AS_FOUND = {"rfi-1": [1, 2, 3], "rfi-4": [4, 5, 6, 7], "rfi-8": [8, 9, 10]}


def test_without_files_the_stories_are_the_machines(laid):
    threads = laid()
    assert _stories(threads) == AS_FOUND
    first, second, _ = threads.threads
    assert (first.url, first.title, first.curated) == ("/threads/rfi-1/", "机器的题目 rfi-2 rfi-3", False)
    assert (first.former, second.former) == (("rfi-20",), ("rfi-40", "rfi-41"))
    assert (first.related, first.first, first.last) == (("rfi-4", "rfi-8"), "2023-11-01", "2023-11-01")
    assert [e.members for e in first.events] == [("rfi-1", "rfi-2"), ("rfi-3",)]
    assert (threads.copies, threads.retired, threads.problems) == (STORIES.copies, (), [])


@pytest.mark.parametrize(
    "reference",
    [
        "rfi-4",
        "rfi-6",
        "rfi-40",
        "/threads/rfi-4/",
        "https://digest.example/base/threads/rfi-41/index.html",
        "/2023/11/01/rfi-7.html",
        "https://www.example.com/5?utm_source=x",
    ],
)
def test_adopt_takes_a_story_by_any_name(laid, reference):
    threads = laid(_file("summit", adopt=reference, title="会晤"))
    thread = threads.threads[0]
    assert (thread.id, thread.url, thread.title) == ("summit", "/threads/summit/", "会晤")
    assert (thread.curated, thread.path) == (True, "threads/summit.md")
    assert _numbers(thread) == [4, 5, 6, 7]
    assert thread.former == ("rfi-4", "rfi-40", "rfi-41")
    assert [e.members for e in thread.events] == [("rfi-4",), ("rfi-5", "rfi-6"), ("rfi-7",)]
    assert list(_stories(threads)) == ["summit", "rfi-1", "rfi-8"]
    assert [t.related for t in threads.threads] == [
        ("rfi-8", "rfi-1"),
        ("summit", "rfi-8"),
        ("rfi-1", "summit"),
    ]
    assert (threads.retired, threads.problems) == ((), [])


def test_an_adopted_story_may_keep_its_id(laid):
    thread = laid(_file("rfi-4", adopt="rfi-4")).threads[0]
    assert (thread.id, thread.former) == ("rfi-4", ("rfi-40", "rfi-41"))
    renamed = laid(_file("rfi-40", adopt="rfi-4")).threads[0]
    assert (renamed.id, renamed.former) == ("rfi-40", ("rfi-4", "rfi-41"))


def test_adopting_an_article_of_no_story_makes_it_a_member(laid):
    threads = laid(_file(adopt="rfi-11", include=("rfi-12",)))
    assert _stories(threads) == {"s": [11, 12], **AS_FOUND}
    assert threads.problems == []


def test_merged_stories_flow_into_one(laid):
    threads = laid(_file(adopt="rfi-1", merge=("rfi-9", "/threads/rfi-40/")))
    thread = threads.threads[0]
    assert _stories(threads) == {"s": list(range(1, 11))}
    assert thread.former == ("rfi-1", "rfi-20", "rfi-8", "rfi-4", "rfi-40", "rfi-41")
    assert [e.members[0] for e in thread.events] == [f"rfi-{n}" for n in (1, 3, 4, 5, 7, 8, 10)]
    assert (thread.related, threads.problems) == ((), [])


def test_related_stories_of_merged_ones_are_taken_in_turns(laid):
    far = Grouping((*STORIES.groups, _group((11, 12), related=(8, 1))))
    threads = laid(_file(adopt="rfi-4", merge=("rfi-11",)), grouping=far)
    assert threads.threads[0].related == ("rfi-8", "rfi-1")
    assert threads.threads[1].related == ("s", "rfi-8")


def test_include_moves_an_article_out_of_its_story(laid):
    threads = laid(_file("a", adopt="rfi-1", include=("rfi-6",)))
    assert _stories(threads) == {"a": [1, 2, 3, 6], "rfi-4": [4, 5, 7], "rfi-8": [8, 9, 10]}
    assert [e.members for e in threads.threads[0].events] == [("rfi-1", "rfi-2"), ("rfi-3",), ("rfi-6",)]
    assert [e.members for e in threads.threads[1].events] == [("rfi-4",), ("rfi-5",), ("rfi-7",)]


def test_include_moves_an_article_out_of_a_story_that_another_file_adopts(laid):
    threads = laid(_file("a", adopt="rfi-1"), _file("b", include=("rfi-2", "rfi-3")))
    assert _stories(threads) == {"a": [1], "b": [2, 3], "rfi-4": [4, 5, 6, 7], "rfi-8": [8, 9, 10]}
    assert threads.problems == []


def test_a_story_is_split_by_including_some_of_its_articles(laid):
    threads = laid(_file("half", include=("rfi-6", "rfi-5")))
    assert _stories(threads) == {"half": [5, 6], "rfi-1": [1, 2, 3], "rfi-4": [4, 7], "rfi-8": [8, 9, 10]}
    assert [e.members for e in threads.threads[0].events] == [("rfi-5", "rfi-6")]
    assert (threads.threads[0].former, threads.threads[2].former) == ((), ("rfi-40", "rfi-41"))


def test_articles_that_words_find_leave_the_machines_stories(laid):
    threads = laid(_file(words=(("第1篇", "第2篇", "第3篇", "第8篇"),)))
    assert _stories(threads) == {"s": [1, 2, 3, 8], "rfi-4": [4, 5, 6, 7], "rfi-8": [9, 10]}
    # All of rfi-1 is here now: its ids lead here. rfi-8 goes on without its founder.
    assert threads.threads[0].former == ("rfi-1", "rfi-20")
    assert threads.threads[1].related == ("rfi-8", "s")


def test_articles_that_words_find_stay_in_the_editors_other_threads(laid):
    threads = laid(_file("a", adopt="rfi-1"), _file("b", words=(("第1篇",),)))
    assert (_stories(threads)["a"], _stories(threads)["b"]) == ([1, 2, 3], [1])


def test_a_story_of_one_article_is_none_and_its_ids_lead_to_who_took_most(laid):
    threads = laid(_file("a", include=("rfi-8",)), _file("b", include=("rfi-4", "rfi-5", "rfi-9")))
    assert _stories(threads) == {"a": [8], "b": [4, 5, 9], "rfi-1": [1, 2, 3], "rfi-4": [6, 7]}
    assert [t.former for t in threads.threads[:2]] == [("rfi-8",), ()]
    more = laid(_file("a", include=("rfi-8",)), _file("b", include=("rfi-4", "rfi-10", "rfi-9")))
    assert [t.former for t in more.threads[:2]] == [(), ("rfi-8",)]
    assert "rfi-8" not in _stories(more)


def test_an_excluded_article_is_in_no_story(laid):
    threads = laid(_file(adopt="rfi-4", exclude=("rfi-5",)))
    assert _stories(threads) == {"s": [4, 6, 7], "rfi-1": [1, 2, 3], "rfi-8": [8, 9, 10]}
    again = laid(_file("a", adopt="rfi-4", exclude=("rfi-5",)), _file("b", include=("rfi-5",)))
    assert (_stories(again)["a"], _stories(again)["b"]) == ([4, 6, 7], [5])
    assert (threads.problems, again.problems) == ([], [])


def test_an_adopted_story_without_articles_leads_to_who_took_them_else_retires(laid):
    empty = _file("a", adopt="rfi-8", exclude=("rfi-8", "rfi-9", "rfi-10"))
    threads = laid(empty)
    assert (_stories(threads), threads.retired) == ({n: AS_FOUND[n] for n in ("rfi-1", "rfi-4")}, ("rfi-8",))
    assert _said(threads) == [("thread-empty", "a", 0)]
    taken = laid(empty, _file("b", include=("rfi-9",)))
    assert (taken.threads[0].former, taken.retired) == (("rfi-8",), ())


def test_what_a_file_excludes_from_its_words_stays_where_the_machine_has_it(laid):
    threads = laid(_file(words=(("第4篇", "第5篇"),), exclude=("rfi-5",)))
    assert _stories(threads) == {"s": [4], "rfi-1": [1, 2, 3], "rfi-4": [5, 6, 7], "rfi-8": [8, 9, 10]}


def test_a_hidden_story_retires_and_its_articles_are_in_none(laid):
    threads = laid(_file("off", adopt="rfi-4", merge=("rfi-8",), hide=True))
    assert _stories(threads) == {"rfi-1": [1, 2, 3]}
    assert threads.retired == ("off", "rfi-4", "rfi-40", "rfi-41", "rfi-8")
    assert threads.threads[0].related == ()
    assert threads.copies == {"rfi-2": "rfi-1", "rfi-3": "rfi-1"}
    assert threads.problems == []


def test_an_article_of_a_hidden_story_may_go_elsewhere(laid):
    threads = laid(_file("off", adopt="rfi-4", hide=True), _file("b", include=("rfi-5", "rfi-6")))
    assert (_stories(threads)["b"], threads.threads[0].former) == ([5, 6], ())
    assert threads.retired == ("off", "rfi-4", "rfi-40", "rfi-41")


def test_other_keys_rest_beside_hide_and_a_hide_of_nothing_is_told(laid):
    resting = _file("a", adopt="rfi-4", include=("rfi-1",), pin=("rfi-4",), words=(("篇",),), hide=True)
    threads = laid(resting, _file("b", include=("rfi-8",), hide=True))
    assert _said(threads) == [("key-idle", "b", 3)]
    assert _stories(threads) == {"rfi-1": [1, 2, 3], "rfi-8": [8, 9, 10]}


def test_a_story_that_two_files_name_is_the_firsts(laid):
    files = (
        _file("a", merge=("rfi-5",)),
        _file("b", adopt="rfi-4", merge=("rfi-8",)),
        _file("c", adopt="rfi-9"),
    )
    threads = laid(*files)
    assert _stories(threads) == {"a": [4, 5, 6, 7], "b": [8, 9, 10], "rfi-1": [1, 2, 3]}
    assert _said(threads) == [("story-twice", "b", 2), ("story-twice", "c", 2), ("thread-empty", "c", 0)]
    assert "'threads/a.md'" in threads.problems[0].message
    assert laid(*files[::-1]) == threads


def test_naming_one_story_twice_in_a_file_is_no_fault(laid):
    assert laid(_file(adopt="rfi-1", merge=("rfi-2", "rfi-20"))).problems == []


def test_an_article_that_two_files_include_is_in_both_and_it_is_said(laid):
    threads = laid(
        _file("a", include=("rfi-1", "rfi-2")), _file("b", include=("rfi-11", "/2023/11/01/rfi-2.html"))
    )
    assert (_stories(threads)["a"], _stories(threads)["b"]) == ([1, 2], [2, 11])
    assert _said(threads) == [("include-twice", "b", 3)]
    assert threads.threads[0].former == ("rfi-1", "rfi-20")


def test_include_goes_before_exclude_and_it_is_said(laid):
    threads = laid(_file(adopt="rfi-1", include=("rfi-2",), exclude=("https://www.example.com/2", "rfi-3")))
    assert _stories(threads)["s"] == [1, 2]
    assert _said(threads) == [("include-exclude", "s", 4)]


def test_pins_make_key_events_and_strays_are_told(laid):
    threads = laid(_file(adopt="rfi-4", pin=("rfi-6", "rfi-1", "gone")))
    assert [e.key for e in threads.threads[0].events] == [False, True, False]
    assert _said(threads) == [("reference-dead", "s", 5), ("pin-stray", "s", 4)]


@pytest.mark.parametrize(
    ("fields", "line", "words"),
    [
        ({"adopt": "rfi-99"}, 2, "'rfi-99' is no article and no story here; left out"),
        ({"adopt": "/threads/nothing/"}, 2, "is no article and no story here"),
        ({"merge": ("rfi-1", "/threads/other/")}, 3, "is the story of 'threads/other.md'"),
        ({"include": ("/threads/rfi-1/",)}, 2, "is a story (expected an article)"),
        ({"exclude": ("https://www.example.com/99",)}, 2, "is no article here"),
        ({"pin": ("rfi-99",)}, 2, "is no article here"),
    ],
)
def test_what_leads_nowhere_is_told_with_its_line(laid, fields, line, words):
    other = _file("other", adopt="rfi-8")
    (problem,) = laid(other, _file(**{"include": ("rfi-11",), **fields})).problems[:1]
    if "include" not in fields:
        line += 1
    assert (problem.code, problem.path) == ("reference-dead", "threads/s.md")
    assert words in problem.message


def test_an_article_hidden_by_a_correction_is_told_so(tmp_path):
    versions = [scrape(n) for n in (1, 2, 3)]
    files = (_file(adopt="rfi-1"), _file("t", include=("rfi-2",)))
    curated = Curated(threads=files, corrections=(Correction("rfi-1", hide=True),))
    digest = assemble(versions, curated, config_in(tmp_path), dict[str, str]().__getitem__)
    dead, empty = digest.problems
    assert (dead.code, dead.path, dead.line, empty.code) == (
        "reference-dead",
        "threads/s.md",
        2,
        "thread-empty",
    )
    assert "is hidden by a correction" in dead.message


def test_ids_that_are_taken_are_told_and_another_is_made(laid):
    threads = laid(
        _file("a", id="rfi-40", include=("rfi-11",)),
        _file("b", id="2023-11", adopt="rfi-1"),
        _file("d", id="x", merge=("rfi-8",)),
        _file("e", id="x", include=("rfi-4", "rfi-5")),
        _file("f", id="x-2", include=("rfi-12",)),
    )
    assert [t.id for t in threads.threads] == ["rfi-40-2", "thread-2023-11-2", "x", "x-3", "x-2", "rfi-4"]
    assert _said(threads) == [("id-taken", "a", 2), ("id-taken", "b", 2), ("id-taken", "e", 2)]
    assert "'adopt: rfi-40'" in threads.problems[0].message
    assert "'threads/d.md'" in threads.problems[2].message


def test_the_id_that_is_made_is_no_storys(laid):
    grouping = Grouping((_group((1, 2), former=("x", "x-2")),))
    assert list(_stories(laid(_file("x", include=("rfi-11",)), grouping=grouping))) == ["x-3", "rfi-1"]


def test_copies_follow_their_articles(laid):
    reverse = Grouping(STORIES.groups, dict(reversed(STORIES.copies.items())))
    moved = laid(_file("a", include=("rfi-1",)), grouping=reverse)
    assert moved.copies == {"rfi-3": "rfi-2", "rfi-6": "rfi-5"}
    both = laid(_file("a", include=("rfi-1", "rfi-3")))
    assert both.copies == {"rfi-3": "rfi-1", "rfi-6": "rfi-5"}
    assert both.threads[0].title == "a"
    assert laid(_file("a", adopt="rfi-1", titled=False)).threads[0].title == "机器的题目 rfi-2 rfi-3"


def test_a_copy_is_one_only_where_its_original_is(laid):
    threads = laid(_file("a", include=("rfi-1", "rfi-2")), _file("b", merge=("rfi-11",), include=("rfi-2",)))
    assert threads.copies == {"rfi-2": "rfi-1", "rfi-6": "rfi-5"}
    told = laid(
        _file("a", include=("rfi-1", "rfi-2"), titled=False), _file("b", include=("rfi-2",), titled=False)
    )
    assert [t.title for t in told.threads[:2]] == ["机器的题目 rfi-2", "机器的题目"]


def test_all_articles_are_grouped_as_they_came_and_the_shown_ones_are_told(tmp_path):
    versions = [scrape(n, title=title) for n, title in ((1, "甲"), (2, "乙"), (3, "丙"), (4, "丁"))]
    seen: list[str] = []

    def group(pages: Sequence[Page]) -> Callable[[], Grouping]:
        seen.extend(f"{page.id} {page.title}" for page in pages)
        found = (_group((1, 2, 3), (4,), former=("rfi-7",)),)
        return lambda: Grouping(found, {"rfi-2": "rfi-1", "rfi-3": "rfi-1"})

    corrections = (Correction("rfi-1", hide=True), Correction("rfi-2", title="新题"))
    files = (_file(adopt="rfi-7", pin=("rfi-4",)),)
    digest = assemble(
        versions,
        Curated(threads=files, corrections=corrections),
        config_in(tmp_path),
        dict[str, str]().__getitem__,
        group=group,
    )
    # Mending or hiding an article rearranges no story.
    assert seen == ["rfi-1 甲", "rfi-2 乙", "rfi-3 丙", "rfi-4 丁"]
    (thread,) = digest.threads
    assert (thread.id, thread.former, _numbers(thread)) == ("s", ("rfi-1", "rfi-7"), [2, 3, 4])
    assert [(set(e.members), e.key) for e in thread.events][-1] == ({"rfi-4"}, True)
    assert (digest.copies, digest.problems) == ({"rfi-3": "rfi-2"}, ())


_NUMBERS = st.integers(1, 12)
_REFERENCES = st.one_of(
    st.integers(1, 13).map("rfi-{}".format),
    st.integers(1, 12).map("https://www.example.com/{}".format),
    st.sampled_from(("rfi-f1", "/threads/rfi-f2/", "/threads/a/", "gone")),
)
_LISTS = st.lists(_REFERENCES, max_size=3, unique=True).map(tuple)


@st.composite
def _groupings(draw: st.DrawFn) -> Grouping:
    order = draw(st.permutations(range(1, 13)))
    groups: list[Group] = []
    while len(order) > 1 and draw(st.booleans()):
        size = draw(st.integers(2, min(5, len(order))))
        members, order = sorted(order[:size]), order[size:]
        cut = draw(st.integers(1, size - 1))
        former = (f"rfi-f{len(groups)}",) if draw(st.booleans()) else ()
        groups.append(_group(tuple(members[:cut]), tuple(members[cut:]), former=former))
    ids = [group.id for group in groups]
    named = [Group(g.id, g.members, g.events, g.former, tuple(i for i in ids if i != g.id)) for g in groups]
    copies = {page: g.members[0] for g in groups for page in g.members[1:] if draw(st.booleans())}
    return Grouping(tuple(named), copies)


_FILES = st.lists(
    st.builds(
        lambda name, given, adopt, merge, include, exclude, pin, words, hide: _file(
            name,
            id=given or name,
            adopt=adopt,
            merge=merge,
            include=include,
            exclude=exclude,
            pin=pin,
            words=words,
            hide=hide,
        ),
        st.sampled_from("abcd"),
        st.sampled_from(("", "", "x", "rfi-1", "rfi-f1", "2020-08")),
        st.one_of(st.just(""), _REFERENCES),
        _LISTS,
        _LISTS,
        _LISTS,
        _LISTS,
        st.sampled_from(((), (("第1篇", "第5篇", "第9篇"),))),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda file: file.path,
)


@given(_groupings(), _FILES, st.randoms(use_true_random=False))
def test_whatever_the_editor_writes_no_id_and_no_article_is_lost(laid, grouping, files, random):
    threads = laid(*files, grouping=grouping)
    shuffled, groups = list(files), list(grouping.groups)
    random.shuffle(shuffled)
    random.shuffle(groups)
    copies = list(grouping.copies.items())
    random.shuffle(copies)
    assert laid(*shuffled, grouping=Grouping(tuple(groups), dict(copies))) == threads

    # Every id a story ever had leads to one place.
    places = [name for thread in threads.threads for name in (thread.id, *thread.former)] + [*threads.retired]
    assert len(set(places)) == len(places)
    assert {name for group in groups for name in (group.id, *group.former)} <= set(places)

    # An article is in one of the machine's stories at most, and there only if no file has it.
    own = [m for thread in threads.threads if not thread.curated for m in thread.members]
    curated = {m for thread in threads.threads if thread.curated for m in thread.members}
    assert len(set(own)) == len(own)
    assert not curated.intersection(own)
    assert all(len(t.members) > 1 or t.curated for t in threads.threads)
    included = {m for f in files if not f.hide for m in f.include if m in {p.id for p in PAGES}}
    assert included <= curated

    by_id = {thread.id: thread for thread in threads.threads}
    order = {page.id: number for number, page in enumerate(PAGES)}
    for thread in threads.threads:
        assert list(thread.members) == sorted(set(thread.members), key=order.__getitem__)
        assert sorted(m for e in thread.events for m in e.members) == sorted(thread.members)
        assert thread.id not in thread.related
        assert set(thread.related) <= set(by_id)
    for page, original in threads.copies.items():
        assert original not in threads.copies
        assert order[original] < order[page]
        assert any({page, original} <= set(thread.members) for thread in threads.threads)
    assert all(problem.path.startswith("threads/") for problem in threads.problems)


@given(_groupings())
def test_without_files_every_story_and_copy_stands(laid, grouping):
    threads = laid(grouping=grouping)
    assert {t.id: t.members for t in threads.threads} == {g.id: g.members for g in grouping.groups}
    assert (threads.copies, threads.retired, threads.problems) == (grouping.copies, (), [])

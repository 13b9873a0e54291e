"""What the queue suggests, and an introduction written below front matter."""

from __future__ import annotations

import msgspec
import pytest
from editions import digest_of, page_of, scrape, thread_of
from hypothesis import given
from hypothesis import strategies as st

from digest.curation.front_matter import change, put_body, read_body
from digest.curation.suggestions import Suggestion, suggest
from digest.errors import ContentError
from digest.model import Digest, Page, Thread
from digest.text.folding import fold_all

OUTLETS = ("rfi", "voa", "dw")


def report(number: int, title: str, hours: int = 0) -> Page:
    outlet = OUTLETS[number % 3]
    return page_of(scrape(hours + number, title=title, source=outlet, key=f"key:{number}"))


def story(*pages: Page, **fields: object) -> Thread:
    return thread_of(*pages, name=pages[0].id, title=pages[0].title, curated=False, **fields)


FERRY = [report(n, f"海港渡轮停航检修裂缝 第{n}天") for n in range(1, 7)]
REPAIR = [report(n, f"海港渡輪停航 檢修裂縫 {n}") for n in range(11, 14)]
BRIDGE = [report(n, f"山城吊桥塌落矿工被困 {n}") for n in range(21, 25)]
STRAY = report(31, "渡轮停航检修 海港裂缝")
OTHER = [report(100 + n, "".join(chr(0x5000 + 97 * n + 7 * i) for i in range(8))) for n in range(60)]


def edition(*threads: Thread) -> Digest:
    return digest_of(*FERRY, *REPAIR, *BRIDGE, STRAY, *OTHER, threads=threads)


def related(*threads: Thread) -> list[Thread]:
    ids = [thread.id for thread in threads]
    return [msgspec.structs.replace(t, related=tuple(i for i in ids if i != t.id)) for t in threads]


def test_large_stories_likely_pairs_and_strays_are_suggested() -> None:
    threads = related(story(*FERRY), story(*REPAIR), story(*BRIDGE))
    found = suggest(edition(*threads), fold_all)
    ferry, repair = FERRY[0].id, REPAIR[0].id
    assert [(s.kind, s.story, s.other) for s in found] == [
        ("name", ferry, ""),
        ("merge", ferry, repair),
        ("stray", ferry, STRAY.id),
    ]
    assert all(0.3 < s.likeness <= 1 for s in found[1:])
    assert suggest(edition(*threads), fold_all) == found


def test_what_the_editor_has_decided_is_not_suggested() -> None:
    mine = {"curated": True, "path": "threads/x.md"}
    ferry, repair = (msgspec.structs.replace(story(*pages), **mine) for pages in (FERRY, REPAIR))
    threads = related(ferry, repair)
    assert [s.kind for s in suggest(edition(*threads), fold_all)] == ["stray"]
    # The machine's flows into the editor's, however large it is.
    threads = related(story(*FERRY), repair)
    merges = [s for s in suggest(edition(*threads), fold_all) if s.kind == "merge"]
    assert [(s.story, s.other) for s in merges] == [(REPAIR[0].id, FERRY[0].id)]


def test_what_lies_far_back_is_not_suggested() -> None:
    late = [report(n, f"新的消息第{n}条", hours=24 * 60) for n in range(41, 44)]
    threads = related(story(*FERRY), story(*REPAIR), story(*late))
    digest = digest_of(*FERRY, *REPAIR, STRAY, *late, threads=tuple(threads))
    assert suggest(digest, fold_all) == ()


def test_nothing_is_suggested_where_there_is_nothing() -> None:
    assert suggest(digest_of(), fold_all) == ()
    undated = msgspec.structs.replace(story(*FERRY), first="", last="")
    assert suggest(digest_of(*FERRY, threads=(undated,)), fold_all) == ()
    assert Suggestion("name", "x").likeness == 0.0


HEADS = [
    "",
    "---\n---\n",
    "---\ntitle: 甲  # 题\n---\n",
    "---\r\nid: a\r\n---\r\n",
    "\ufeff---\nid: a\n---",
    "---\nid: a\n---\n\n旧文\n",
]


@given(st.sampled_from(HEADS), st.text("文 a#-\n", max_size=30))
def test_a_body_reads_back_and_leaves_the_front_matter(head: str, body: str) -> None:
    new = put_body(head, body, "a.md")
    assert read_body(new, "a.md") == "\n".join(body.strip("\r\n").rstrip().splitlines())
    assert put_body(new, body, "a.md") == new
    closing = head.rfind("---")
    if closing > 0:
        assert new.startswith(head[: closing + 3])
    assert ("\r\n" in new) == ("\r\n" in head)


def test_a_body_without_a_closing_line_is_refused() -> None:
    for broken in ("---\ntitle: x\n", "---\n- x\n---\n"):
        with pytest.raises(ContentError, match="front matter"):
            put_body(broken, "x", "a.md")
    assert change("", [], "a.md") == ""

"""The curator's own files: front matter, Markdown, corrections, and what is said of mistakes in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from digest.errors import Problem
from digest.loaders.cjk_emphasis import cjk_emphasis
from digest.loaders.corrections import CORRECTION_KEYS
from digest.loaders.curated_markdown import render_markdown
from digest.loaders.curator import EDITION_KEYS, PAGE_KEYS, THREAD_KEYS, load_curated
from digest.loaders.takedown import TAKEDOWN_KEYS
from digest.model import Curated, SourceFile


def _load(path: str, text: str) -> Curated:
    return load_curated([SourceFile(path, text.encode())])


def _codes(problems: tuple[Problem, ...]) -> list[tuple[str, int]]:
    return [(p.code, p.line) for p in problems]


def test_a_page() -> None:
    page = _load("pages/About us.md", "---\ntitle: 关于\norder: 2\nslug: about\n---\n正文\n").pages[0]
    assert (page.slug, page.title, page.order, page.lang) == ("about", "关于", 2, "zh-Hans")
    assert (page.html, page.problems) == ("<p>正文</p>", ())


def test_a_page_without_front_matter_takes_its_title_from_heading_or_name() -> None:
    page = _load("pages/about.md", "# 關於*本站*\n\n## 二\n").pages[0]
    assert (page.slug, page.title, page.html) == ("about", "關於本站", '<h2 id="二">二</h2>')
    assert _load("pages/about.md", "正文").pages[0].title == "about"


def test_an_edition_has_its_day_in_its_name() -> None:
    edition = _load("editions/2023-11-10.md", "今日要闻").editions[0]
    assert (edition.day, edition.title, edition.html) == ("2023-11-10", "", "<p>今日要闻</p>")
    assert _load("editions/2023-11-10-evening.md", "x").editions[0].day == "2023-11-10"
    for name in ("2023-13-10", "today", "2023-11-101"):
        curated = _load(f"editions/{name}.md", "x")
        assert curated.editions == ()
        assert _codes(curated.problems) == [("edition-day", 0)]


def test_two_editions_of_one_day_are_a_problem() -> None:
    files = [SourceFile(f"editions/2023-11-10{end}.md", b"x") for end in ("", "-b")]
    curated = load_curated(files)
    assert [p.path for p in curated.problems] == ["editions/2023-11-10-b.md"]
    assert [e.path for e in curated.editions] == ["editions/2023-11-10.md"]


THREAD = """---
title: 拜习会
id: biden-xi
words:
  - [拜登, Biden]
  - 习近平
from: 2023-10-06
to: 2023-11-17
sources: [rfi, voa]
include:
- https://www.rfi.fr/cn/a
- rfi-abc
- rfi-ab
exclude: https://www.rfi.fr/cn/b
---
导语。
"""


def test_a_thread() -> None:
    thread = _load("threads/x.md", THREAD).threads[0]
    assert (thread.id, thread.title, thread.html) == ("biden-xi", "拜习会", "<p>导语。</p>")
    assert thread.words == (("拜登", "Biden"), ("习近平",))
    assert (thread.first, thread.last) == ("2023-10-06", "2023-11-17")
    assert thread.sources == ("rfi", "voa")
    assert thread.include == ("https://www.rfi.fr/cn/a", "rfi-abc", "rfi-ab")
    assert thread.exclude == ("https://www.rfi.fr/cn/b",)
    assert thread.problems == ()
    assert (thread.adopt, thread.merge, thread.pin, thread.hide, thread.titled) == ("", (), (), False, True)
    assert dict(thread.lines) == {
        "title": 2,
        "id": 3,
        "words": 4,
        "from": 7,
        "to": 8,
        "sources": 9,
        "sources:rfi": 9,
        "sources:voa": 9,
        "include": 10,
        "include:https://www.rfi.fr/cn/a": 11,
        "include:rfi-abc": 12,
        "include:rfi-ab": 13,
        "exclude": 14,
        "exclude:https://www.rfi.fr/cn/b": 14,
    }


STORY = """---
adopt: rfi-abc
merge: [voa-1, "https://www.rfi.fr/cn/a"]
include:
  - 'voa-1'  # also merged
  - voa-1-2
pin:
  - rfi-abc
hide: yes
exclude: gone
---
rfi-9, exclude: gone
"""


def test_a_thread_that_takes_stories_of_the_machine() -> None:
    thread = _load("threads/x.md", STORY).threads[0]
    assert (thread.adopt, thread.merge) == ("rfi-abc", ("voa-1", "https://www.rfi.fr/cn/a"))
    assert (thread.pin, thread.hide, thread.problems) == (("rfi-abc",), True, ())
    assert (thread.title, thread.titled) == ("x", False)
    assert dict(thread.lines) == {
        "adopt": 2,
        "merge": 3,
        "merge:voa-1": 3,
        "merge:https://www.rfi.fr/cn/a": 3,
        "include": 4,
        "include:voa-1": 5,
        "include:voa-1-2": 6,
        "pin": 7,
        "pin:rfi-abc": 8,
        "hide": 9,
        "exclude": 10,
        "exclude:gone": 10,
    }


def test_a_heading_is_a_title_and_a_files_name_is_none() -> None:
    assert _load("threads/x.md", "# 标题\n").threads[0].titled
    assert not _load("threads/x.md", "正文").threads[0].titled


def test_wrong_values_of_the_machines_keys_are_problems_with_their_line() -> None:
    text = "---\nadopt: [a, b]\nhide: perhaps\nmerge:\n  a: b\npin: [true]\nmerg: a\n---\n"
    thread = _load("threads/x.md", text).threads[0]
    assert (thread.adopt, thread.hide, thread.merge, thread.pin) == ("", False, (), ())
    assert _codes(thread.problems) == [
        ("value-wrong", 2),
        ("value-wrong", 3),
        ("value-wrong", 4),
        ("value-wrong", 6),
        ("key-unknown", 7),
    ]
    assert "did you mean 'merge'" in thread.problems[-1].message


def test_an_item_that_the_file_writes_otherwise_has_the_line_of_its_key() -> None:
    text = '---\ninclude:\n- "rfi\\u002d1"\n---\nrfi-1\n'
    assert dict(_load("threads/x.md", text).threads[0].lines)["include:rfi-1"] == 2


def test_a_plain_list_of_words_is_one_group() -> None:
    assert _load("threads/x.md", "---\nwords: [甲, 2023]\n---\n").threads[0].words == (("甲", "2023"),)
    assert _load("threads/x.md", "---\nwords: 甲\n---\n").threads[0].words == (("甲",),)


def test_a_threads_id_is_its_files_name_else() -> None:
    assert _load("threads/biden-xi.md", "x").threads[0].id == "biden-xi"
    odd = _load("threads/x.md", "---\nid: Biden Xi\n---\n").threads[0]
    assert (odd.id, _codes(odd.problems)) == ("biden-xi", [("value-wrong", 2)])
    assert _load("threads/拜习会.md", "x").threads[0].id.isascii()


def test_unknown_keys_and_wrong_values_are_problems_with_their_line() -> None:
    text = "---\ntitle: [a]\nwrods: [甲]\nfrom: 2023-11-40\nto: soon\nsources:\n  rfi: 1\n---\n导语"
    thread = _load("threads/x.md", text).threads[0]
    assert _codes(thread.problems) == [
        ("value-wrong", 2),
        ("key-unknown", 3),
        ("front-matter-broken", 4),
        ("value-wrong", 5),
        ("value-wrong", 6),
    ]
    assert any("did you mean 'words'" in p.message for p in thread.problems)
    assert (thread.title, thread.first, thread.last, thread.html) == ("x", None, None, "<p>导语</p>")


def test_a_period_that_ends_before_it_begins_is_a_problem() -> None:
    thread = _load("threads/x.md", "---\nfrom: 2023-11-10\nto: 2023-11-09\n---\n").threads[0]
    assert (thread.first, thread.last, _codes(thread.problems)) == ("2023-11-10", None, [("value-wrong", 3)])


def test_broken_front_matter_is_salvaged_key_by_key() -> None:
    thread = _load(
        "threads/x.md", '---\ntitle: "拜习会\nfrom: 2023-10-06\nnonsense\ninclude:\n- a\n---\n导语'
    ).threads[0]
    assert _codes(thread.problems) == [("front-matter-broken", 2), ("front-matter-broken", 4)]
    assert (thread.first, thread.include, thread.html) == ("2023-10-06", ("a",), "<p>导语</p>")


def test_front_matter_without_its_end_is_text() -> None:
    page = _load("pages/a.md", "---\ntitle: 甲\n正文").pages[0]
    assert _codes(page.problems) == [("front-matter-broken", 1)]
    assert "正文" in page.html


def test_a_key_given_twice_is_a_problem() -> None:
    page = _load("pages/a.md", "---\ntitle: 甲\ntitle: 乙\n---\n").pages[0]
    assert (page.title, _codes(page.problems)) == ("乙", [("key-twice", 3)])


def test_every_file_is_accounted_for_in_any_order() -> None:
    files = [
        SourceFile("threads/a.md", b"x"),
        SourceFile("pages/b.md", b"\xff\xfe\x00bin\x00"),
        SourceFile("editions/x.md", b"x"),
        SourceFile("corrections.toml", b"[[article]]\nurl = 'rfi-1'\nhide = true\n"),
        SourceFile("pages/gb.md", "关于本站的一切，在这里说明。我们的来历。".encode("gb18030")),
    ]
    curated = load_curated(files)
    assert curated == load_curated(files[::-1])
    assert curated.paths == tuple(sorted(f.path for f in files))
    assert [p.path for p in curated.problems if p.code == "encoding"] == ["pages/b.md", "pages/gb.md"]
    assert "关于本站" in curated.pages[-1].html


CORRECTIONS = """
[[article]]
url = "https://www.rfi.fr/cn/a"
title = "新题"
published = 2023-11-10T08:30:00+08:00
authors = ["甲", "乙"]
source = "voa"
reason = "标题有误"

[[article]]
url = "rfi-1"
date = 2023-11-10
authors = "丙"

[[article]]
url = "rfi-2"
hide = true
"""


def test_corrections() -> None:
    first, second, third = _load("corrections.toml", CORRECTIONS).corrections
    assert (first.url, first.title, first.source) == ("https://www.rfi.fr/cn/a", "新题", "voa")
    assert (first.authors, first.reason, first.line, first.path) == (
        ("甲", "乙"),
        "标题有误",
        3,
        "corrections.toml",
    )
    assert first.published == datetime(2023, 11, 10, 0, 30, tzinfo=UTC)
    assert not first.day_only
    assert (second.published, second.day_only, second.authors) == (datetime(2023, 11, 10), True, ("丙",))  # noqa: DTZ001
    assert (third.hide, third.authors, third.line) == (True, None, 16)


def test_mistakes_in_corrections_leave_the_rest_in_force() -> None:
    text = (
        '[[article]]\nurl = "a"\ntitel = "x"\n'
        '[[article]]\ntitle = "no url"\n'
        '[[article]]\nurl = "b"\nhide = "yes"\npublished = "soon"\nauthors = [1]\nbroken = = 1\n'
        '[[article]]\nurl = "c"\npublished = "2023-11-10T08:30"\nhide = true\n'
        "[articles]\n"
    )
    curated = _load("corrections.toml", text)
    assert [c.url for c in curated.corrections] == ["a", "b", "c"]
    assert curated.corrections[1].authors is None
    assert not curated.corrections[1].hide
    assert curated.corrections[2].published == datetime(2023, 11, 10, 8, 30)  # noqa: DTZ001
    assert sorted(_codes(curated.problems), key=lambda p: p[1]) == [
        ("key-unknown", 3),
        ("key-missing", 4),
        ("value-wrong", 8),
        ("value-wrong", 9),
        ("value-wrong", 10),
        ("toml-broken", 11),
        ("key-unknown", 16),
    ]
    assert any("did you mean 'title'" in p.message for p in curated.problems)


def test_headings_start_at_two_and_keep_their_order() -> None:
    assert (
        render_markdown("x\n# A\n## B\n###### C", "n").html == "<p>x</p>\n<h2>A</h2>\n<h3>B</h3>\n<h6>C</h6>"
    )
    assert render_markdown("### A\n#### B", "n").html == "<h2>A</h2>\n<h3>B</h3>"
    assert render_markdown("## A", "n").heading == ""


def test_tables_footnotes_and_strikethrough() -> None:
    html = render_markdown("|a|\n|-|\n|b|\n\n~~c~~[^1]\n\n[^1]: d", "note").html
    assert "<table>" in html
    assert "<s>c</s>" in html
    assert 'id="fn-note-1"' in html


def test_raw_html_is_shown_and_scripts_never_run() -> None:
    html = render_markdown(
        "<script>x</script>\n\na <b onclick=x>b</b> <!-- c -->\n\n<!-- d -->\n\n[e](javascript:f)", "n"
    ).html
    assert "<script" not in html
    assert "<b" not in html.replace("<br", "")
    assert "href" not in html
    assert "&lt;script&gt;" in html
    assert "&lt;b onclick=x&gt;" in html
    assert "<!--" not in html
    assert "c -->" not in html
    assert "d --" not in html


def test_foreign_pictures_become_links_and_those_beside_the_file_assets() -> None:
    written = render_markdown(
        "![图](img/a%20b.png '题') ![f](https://x.example/f.png) ![g](//x.example/g.png)", "n"
    )
    assert '<img src="img/a%20b.png" alt="图" title="题"' in written.html
    assert written.html.count("<img") == 1
    assert '<a href="https://x.example/f.png" rel="noopener">f</a>' in written.html
    assert written.assets == ("img/a%20b.png",)
    linked = render_markdown("[![f](https://x.example/f.png)](https://y.example)", "n").html
    assert linked == '<p><a href="https://y.example">f</a></p>'


@given(st.text(alphabet="-: \n[]\"'#ab拜|>!<(){}&*\t\r\0", max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    for path in ("pages/a.md", "threads/a.md", "editions/2023-11-10.md", "corrections.toml"):
        curated = _load(path, "---\n" + text)
        assert curated.paths == (path,)
        assert (
            curated.problems or curated.pages or curated.threads or curated.editions or path.endswith("toml")
        )


def test_one_text_leaves_nothing_behind_for_the_next() -> None:
    once = render_markdown("a[^1]\n\n[^1]: b", "n")
    assert render_markdown("a[^1]\n\n[^1]: b", "n") == once


def test_the_manual_names_every_key_and_its_examples_are_sound() -> None:
    manual = (Path(__file__).parent.parent / "docs" / "pages" / "curating.md").read_text("utf-8")
    for key in (*PAGE_KEYS, *THREAD_KEYS, *EDITION_KEYS, *CORRECTION_KEYS, *TAKEDOWN_KEYS):
        assert f"`{key}`" in manual, key
    examples = re.findall(
        r"^`content/([^`\n]+)`[^\n]*:\n\n```(?:markdown|toml)\n(.*?)```", manual, re.S | re.M
    )
    assert len(examples) == len(re.findall(r"^```(?:markdown|toml)$", manual, re.M))
    rooms = {path.partition("/")[0] for path, _ in examples}
    assert rooms == {"pages", "editions", "threads", "corrections.toml", "takedown.toml"}
    for path, text in examples:
        curated = _load(path, text)
        texts = (*curated.pages, *curated.editions, *curated.threads)
        assert [*curated.problems, *(p for text in texts for p in text.problems)] == [], path
        entries = (*curated.corrections, *curated.takedowns)
        assert len(texts) + len(entries) == {"corrections.toml": 4, "takedown.toml": 2}.get(path, 1)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("他说**“好”**的话", "他说<strong>“好”</strong>的话"),
        ("在**《书》**里", "在<strong>《书》</strong>里"),
        ("这是**重点。**后面", "这是<strong>重点。</strong>后面"),
        ("**甲**和**乙**、*丙*", "<strong>甲</strong>和<strong>乙</strong>、<em>丙</em>"),
        ("a * b * c", "a * b * c"),
        ("2*3*4", "2<em>3</em>4"),
        ("***甲***", "<em><strong>甲</strong></em>"),
    ],
)
def test_emphasis_works_beside_chinese_punctuation(text: str, html: str) -> None:
    assert render_markdown(text, "n").html == f"<p>{html}</p>"


@given(st.text(alphabet="*ab ,.\n", max_size=30))
def test_emphasis_without_chinese_is_commonmarks(text: str) -> None:
    assert MarkdownIt("commonmark").use(cjk_emphasis).render(text) == MarkdownIt("commonmark").render(text)

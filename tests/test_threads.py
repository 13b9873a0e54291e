"""Stories by the curator's rules."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from editions import config_in, scrape

from digest.ids import short_hash
from digest.model import Correction, Curated, Digest, ThreadFile
from digest.taxonomy import assemble
from digest.taxonomy.rules import word_finder


@pytest.fixture
def assembled(tmp_path: Path):
    def run(*threads: ThreadFile, **curated: object) -> Digest:
        versions = [
            scrape(1, title="拜登将会晤习近平", link="https://www.rfi.fr/cn/%E4%B8%AD%E5%9B%BD/a1"),
            scrape(30, title="会晤之后：各方反应", excerpt="拜登说，习近平同意恢复热线。"),
            scrape(60, title="拜登谈预算", source="voa"),
            scrape(90, title="Biden and Xi meet again", source="voa", lang="en"),
            scrape(120, title="BIDENOMICS and Xiaomi", source="voa"),
            scrape(150, title="拜登习近平", published=None, fetched=None),
        ]
        return assemble(
            versions, Curated(threads=threads, **curated), config_in(tmp_path), dict[str, str]().__getitem__
        )

    return run


def _file(**fields: object) -> ThreadFile:
    return ThreadFile(**{"path": "threads/s.md", "id": "s", "title": "会晤", "html": "<p>x</p>", **fields})


WORDS = (("拜登", "Biden"), ("习近平", "Xi"))


def test_a_word_of_each_group_must_stand_in_title_lead_or_opening(assembled):
    thread = assembled(_file(words=WORDS)).threads[0]
    assert thread.members == ("rfi-150", "rfi-1", "rfi-30", "voa-90")
    assert (thread.first, thread.last) == ("2023-11-01", "2023-11-05")
    assert thread.sources == ("rfi", "voa")
    assert (thread.url, thread.curated, thread.html) == ("/threads/s/", True, "<p>x</p>")


def test_latin_words_do_not_hide_in_longer_ones():
    assert word_finder(["Xi"])("见xi一面")
    assert not word_finder(["Xi"])("xiaomi")
    assert word_finder(["5G", "A+"])("评级a+")
    assert word_finder(["没有", " 见 "])("见xi一面")
    assert not word_finder([" "])("见xi一面")


def test_the_period_has_both_ends_in_and_no_undated(assembled):
    # START is 16:00 in Shanghai: article 30 is of the evening of the second.
    assert assembled(_file(words=WORDS, first="2023-11-02", last="2023-11-02")).threads[0].members == (
        "rfi-30",
    )
    assert "rfi-150" not in assembled(_file(words=WORDS, last="2099-01-01")).threads[0].members


def test_sources_by_slug_or_name_and_an_unknown_one_is_a_problem(assembled):
    digest = assembled(_file(words=WORDS, sources=("美国之音", "voaa"), lines=(("sources:voaa", 7),)))
    assert digest.threads[0].members == ("voa-90",)
    assert [(p.code, p.path, p.line) for p in digest.problems] == [("source-unknown", "threads/s.md", 7)]
    assert "did you mean 'voa'" in digest.problems[0].message


def test_an_unknown_source_alone_lets_nobody_in(assembled):
    assert assembled(_file(sources=("nobody",))).threads == ()


def test_include_and_exclude_by_any_address(assembled):
    digest = assembled(
        _file(
            words=WORDS,
            include=("voa-60", "http://rfi.fr//cn/中国/a1?utm_source=x"),
            exclude=("/2023/11/05/voa-90.html", "voa-60"),
            lines=(("exclude", 5), ("exclude:voa-60", 6), ("include:voa-60", 3)),
        )
    )
    assert digest.threads[0].members == ("rfi-150", "rfi-1", "rfi-30", "voa-60")
    assert [(p.code, p.line) for p in digest.problems] == [("include-exclude", 6)]


def test_a_thread_without_rules_holds_its_includes_alone(assembled):
    assert assembled(_file(include=("rfi-1",))).threads[0].members == ("rfi-1",)
    assert assembled(_file(include=("rfi-1",), first="2023-11-01")).threads[0].members == ("rfi-1",)


def test_a_dead_reference_is_a_problem_with_its_line(assembled):
    gone = "https://www.rfi.fr/cn/gone"
    file = _file(include=("rfi-1", gone), lines=((f"include:{gone}", 9), (f"exclude:{gone}", 12)))
    assert [(p.code, p.line) for p in assembled(file).problems] == [("reference-dead", 9)]


def test_a_period_that_limits_nothing_is_a_problem(assembled):
    digest = assembled(_file(include=("rfi-1",), last="2023-11-01", lines=(("to", 4),)))
    assert digest.threads[0].members == ("rfi-1",)
    assert [(p.code, p.line) for p in digest.problems] == [("key-idle", 4)]


def test_a_page_that_a_correction_dates_is_found_by_either_address(assembled):
    dated = Correction("rfi-150", published=datetime(2023, 11, 7, tzinfo=UTC))
    for address in ("/undated/rfi-150.html", "/2023/11/07/rfi-150.html"):
        digest = assembled(_file(include=(address,)), corrections=(dated,))
        assert (digest.problems, digest.threads[0].members) == ((), ("rfi-150",))


def test_without_a_title_the_thread_has_that_of_an_article(assembled):
    plain = assembled(_file(include=("voa-90",), title="s", titled=False)).threads[0]
    assert (plain.title, plain.lang) == ("Biden and Xi meet again", "en")
    named = assembled(_file(include=("voa-90",), title="兩國會談")).threads[0]
    assert (named.title, named.lang) == ("兩國會談", "zh-Hant")


def test_an_empty_thread_is_a_problem_and_no_page(assembled):
    digest = assembled(_file(words=(("没有这个词",),)))
    assert digest.threads == ()
    assert [(p.code, p.path) for p in digest.problems] == [("thread-empty", "threads/s.md")]


def test_a_page_is_in_any_number_of_threads_in_order_of_their_paths(assembled):
    files = (
        _file(path="threads/b.md", id="b", words=WORDS),
        _file(path="threads/a.md", id="a", include=("rfi-1",)),
    )
    assert [t.id for t in assembled(*files).threads] == ["a", "b"]


def test_export_gives_each_threads_timeline(make_site):
    from digest.build.export import export_threads
    from digest.config import load_config

    lines = [f"-- content/rfi/{n}.md --\n# 第{n}条\n\n2023-11-0{n} 08:00\n\n正文。\n" for n in (1, 2)]
    site = make_site(
        "".join(lines) + "-- content/threads/s.md --\n---\nwords: [第]\npin: /undated/none.html\n---\n"
    )
    (thread,) = (json.loads(line) for line in export_threads(load_config(site.root), workers=1))
    assert list(thread) == [
        *("id", "url", "title", "curated", "first", "last", "sources"),
        *("former", "related", "events", "paths"),
    ]
    assert (thread["former"], thread["related"], len(thread["paths"])) == ([], [], 2)
    assert all(list(event) == ["day", "key", "pages"] for event in thread["events"])
    assert sorted(page for event in thread["events"] for page in event["pages"]) == sorted(
        f"rfi-{short_hash(f'path:rfi/{n}.md')}" for n in (1, 2)
    )


def test_the_manual_of_export_names_each_field_of_a_thread(make_site):
    from digest.build.export import export_threads
    from digest.config import load_config

    site = make_site("-- content/a.md --\n# 甲\n-- content/threads/s.md --\n---\nwords: 甲\n---\n")
    (thread,) = (json.loads(line) for line in export_threads(load_config(site.root), workers=1))
    manual = (Path(__file__).parent.parent / "docs" / "pages" / "export.md").read_text("utf-8")
    section = manual.partition("## `digest export threads`")[2].partition("\n## ")[0]
    assert re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.M))) == list(thread)
    (event,) = thread["events"]
    assert "`{" + ", ".join(event) + "}`" in section

"""Stories by the curator's rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from editions import config_in, scrape

from digest.model import Curated, Digest, ThreadFile
from digest.taxonomy import assemble
from digest.taxonomy.threads import word_pattern


@pytest.fixture
def assembled(tmp_path: Path):
    def run(*threads: ThreadFile, **curated: object) -> Digest:
        versions = [
            scrape(1, title="拜登将会晤习近平", link="https://www.rfi.fr/cn/%E4%B8%AD%E5%9B%BD/a1"),
            scrape(30, title="会晤之后：各方反应", excerpt="拜登说，习近平同意恢复热线。"),
            scrape(60, title="拜登谈预算", source="voa"),
            scrape(90, title="Biden and Xi meet again", source="voa"),
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
    assert word_pattern(["Xi"]).search("见Xi一面")
    assert not word_pattern(["Xi"]).search("Xiaomi")
    assert word_pattern(["5G", "A+"]).search("评级a+")


def test_the_period_has_both_ends_in_and_no_undated(assembled):
    # START is 16:00 in Shanghai: article 30 is of the evening of the second.
    assert assembled(_file(words=WORDS, first="2023-11-02", last="2023-11-02")).threads[0].members == (
        "rfi-30",
    )
    assert "rfi-150" not in assembled(_file(words=WORDS, last="2099-01-01")).threads[0].members


def test_sources_by_slug_or_name_and_an_unknown_one_is_a_problem(assembled):
    digest = assembled(_file(words=WORDS, sources=("美国之音", "voaa"), lines=(("voaa", 7),)))
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
        )
    )
    assert digest.problems == ()
    assert digest.threads[0].members == ("rfi-150", "rfi-1", "rfi-30", "voa-60")


def test_a_thread_without_rules_holds_its_includes_alone(assembled):
    assert assembled(_file(include=("rfi-1",))).threads[0].members == ("rfi-1",)
    assert assembled(_file(include=("rfi-1",), first="2023-11-01")).threads[0].members == ("rfi-1",)


def test_a_dead_reference_is_a_problem_with_its_line(assembled):
    file = _file(include=("rfi-1", "https://www.rfi.fr/cn/gone"), lines=(("https://www.rfi.fr/cn/gone", 9),))
    assert [(p.code, p.line) for p in assembled(file).problems] == [("reference-dead", 9)]


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

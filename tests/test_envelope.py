"""The outside of a file: every shape, whole and partial."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.loaders.envelope import open_envelope

FRONT = '---\nlayout: post\ntitle: "渡船停运"\ndate: 2020-08-28T01:02:03.000Z\nauthor: 河边报\nfrom: https://e.org/a\ntags: [ 河边报 ]\ncategories: [ news, 河边报 ]\n---\n'
HEAD = "<!--1598576523000-->\n[渡船停运](https://e.org/a)\n------\n\n"


def test_the_full_shape() -> None:
    found = open_envelope(FRONT + HEAD + "<div>\n<p>文。</p>\n</div>\n", "a.md")
    assert found.shape == "front matter + comment + heading + HTML"
    assert found.form == "html"
    assert found.comment == datetime(2020, 8, 28, 1, 2, 3, tzinfo=UTC)
    assert (found.heading, found.url) == ("渡船停运", "https://e.org/a")
    assert found.front["categories"] == ["news", "河边报"]
    assert found.body.strip() == "<div>\n<p>文。</p>\n</div>"
    assert found.line == 13


@pytest.mark.parametrize(
    ("text", "name", "shape", "form"),
    [
        (HEAD + "<p>x</p>", "a.md", "comment + heading + HTML", "html"),
        ("[t](https://e.org/)\n------\n\n<p>x</p>", "a.md", "heading + HTML", "html"),
        ("<!--NaN-->\n[t](https://e.org/)\n------\nx<br>y", "a.md", "comment + heading + HTML", "html"),
        (HEAD + "Only words, no tag.", "a.md", "comment + heading + plain text", "html"),
        (HEAD + "<div>\nOnly words.\n</div>\n", "a.md", "comment + heading + plain text", "html"),
        (FRONT + "<article>\n <p>x</p>\n</article>", "a.md", "front matter + HTML", "html"),
        ("<article><p>x</p></article>", "a.html", "HTML", "html"),
        ("<!DOCTYPE html><html><head></head><body>x</body></html>", "a.html", "whole page", "page"),
        (" <html lang=zh><body>x</body></html>", "a.md", "whole page", "page"),
        (FRONT + "Text with *stars*.\n\nMore.", "a.md", "front matter + Markdown", "markdown"),
        ("# 题\n\n文。", "a.markdown", "Markdown", "markdown"),
        ("题\n\n文。", "a.txt", "plain text", "text"),
        ("", "a.md", "Markdown", "markdown"),
    ],
)
def test_shapes(text: str, name: str, shape: str, form: str) -> None:
    found = open_envelope(text, name)
    assert (found.shape, found.form) == (shape, form)


def test_a_heading_may_span_lines_and_hold_brackets_and_quotes() -> None:
    found = open_envelope('[[國際] 他說\n\n"好"](https://e.org/a)\n------\n\nx', "a.md")
    assert found.heading == '[國際] 他說\n\n"好"'
    assert found.url == "https://e.org/a"


def test_a_second_separator_is_text() -> None:
    found = open_envelope(HEAD + "<p>a</p>\n[b](c)\n------\n<p>d</p>", "a.md")
    assert "------" in found.body


def test_a_date_line_becomes_a_block_of_its_own() -> None:
    found = open_envelope(
        "[t](https://e.org/)\n------\n\n日期：Sat, 27 Jun 2020 13:30:55 +0000\n<p>x</p>", "a.md"
    )
    assert found.body.startswith("<div>日期：Sat, 27 Jun 2020 13:30:55 +0000</div>")


def test_broken_yaml_is_reported_with_its_line_and_read_all_the_same() -> None:
    found = open_envelope('---\ntitle: "渡船"停运"\nauthor: 林河\ntags: [ a, "b" ]\n---\n<p>x</p>', "a.md")
    ((code, message, line),) = found.faults
    assert (code, line) == ("front-matter", 2)
    assert "no YAML" in message
    assert found.front["author"] == "林河"
    assert found.front["tags"] == ["a", "b"]
    assert found.body == "<p>x</p>"


@pytest.mark.parametrize(
    ("row", "key", "value"),
    [
        (r'title: "他说\"好\""', "title", '他说"好"'),
        ('title: "一\n\n  二"', "title", "一\n二"),
        ("comments: True", "comments", True),
        ("count: 12", "count", 12),
        ("flag: no", "flag", False),
        ("list:\n- a\n- b", "list", ["a", "b"]),
    ],
)
def test_front_matter_is_yaml(row: str, key: str, value: object) -> None:
    assert open_envelope(f"---\n{row}\n---\nx", "a.md").front[key] == value


def test_an_epoch_that_is_no_time_is_reported() -> None:
    found = open_envelope("<!--99999999999999-->\n[t](https://e.org/)\n------\nx", "a.md")
    assert found.comment is None
    assert found.faults[0][0] == "date-bad"


def test_seconds_are_taken_for_seconds() -> None:
    assert open_envelope("<!--1598576523-->\n<p>x</p>", "a.md").comment == datetime(
        2020, 8, 28, 1, 2, 3, tzinfo=UTC
    )

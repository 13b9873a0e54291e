"""Curator's pages as readers meet them: anchors, tables of contents, links from file to file, the front."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import Site

from digest.loaders.curated_markdown import render_markdown

MakeSite = Callable[[str], Site]


def render(text: str) -> str:
    return render_markdown(text, "page", anchored=True).html


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Every key", "every-key"),
        ("Write an outlet's profile", "write-an-outlets-profile"),
        ("`site.toml`: the *rest*", "sitetoml-the-rest"),
        ("关于 本站", "关于-本站"),
        ("_or_ snake_case", "or-snake_case"),
        ("m", "m-"),
        ("……", "-"),
    ],
)
def test_a_heading_has_the_anchor_that_forges_give_it(heading: str, anchor: str) -> None:
    assert f'<h2 id="{anchor}">' in render(f"## {heading}")


def test_equal_headings_have_anchors_of_their_own() -> None:
    assert re.findall(r'id="([^"]+)"', render("## A\n\n## A\n\n## A 1\n")) == ["a", "a-1", "a-1-1"]


def test_the_contents_are_the_headings_two_levels_deep() -> None:
    html = render("# T\n\n<!-- contents -->\n\n## A & <b>\n\n### `x`\n\n#### deep\n\n### y\n\n## C\n")
    assert html.startswith(
        '<ul class="contents"><li><a href="#a--">A &amp; &lt;b&gt;</a>'
        '<ul><li><a href="#x">x</a></li><li><a href="#y">y</a></li></ul></li>'
        '<li><a href="#c">C</a></li></ul>\n<h2'
    )


def test_contents_without_headings_are_nothing_and_other_comments_vanish() -> None:
    assert render("<!-- contents -->\n\ntext") == "<p>text</p>"
    assert render("<!-- the contents -->\n\n## A") == '<h2 id="a">A</h2>'


def test_texts_that_share_a_page_have_neither() -> None:
    assert render_markdown("<!-- contents -->\n\n## A", "note").html == "<h2>A</h2>"


@given(st.lists(st.tuples(st.integers(1, 6), st.text("am1- _'`*<&.中…", min_size=1)), max_size=8))
def test_every_entry_of_the_contents_leads_to_one_heading(headings: list[tuple[int, str]]) -> None:
    html = render("\n\n".join(["text", "<!-- contents -->", *(f"{'#' * n} {text}" for n, text in headings)]))
    ids = re.findall(r'<h\d id="([^"]*)"', html)
    assert len(set(ids)) == len(ids)
    assert not {"", "m"} & set(ids)
    assert set(re.findall(r'<a href="#([^"]*)">', html.partition("<h")[0])) <= set(ids)


SITE = """
-- site.toml --
title = "文摘"
url = "https://example.org/news"
timezone = "UTC"
-- content/a.md --
---
title: 大桥通车
date: 2024-05-06 08:30:00 +0000
link: https://www.gazette.example/1
---
跨海大桥周一清晨通车。
-- content/pages/index.md --
# 欢迎

读[说明](about.md#联系)或[今天](../editions/2024-05-06.md)。
-- content/pages/about.md --
见[首页](index.md)、[故事](../threads/bridge.md)、[别处](https://example.org/about.md)、[无](gone.md)。

## 联系
-- content/editions/2024-05-06.md --
见[说明](../pages/about.md)与[文章](https://www.gazette.example/1)。
-- content/threads/bridge.md --
---
title: 大桥
include: https://www.gazette.example/1
---
见[联系](../pages/about.md#联系)。
"""


def test_links_from_file_to_file_lead_to_what_the_files_became(make_site: MakeSite) -> None:
    site = make_site(SITE)
    site.build()
    about = site.read("/about.html")
    assert '<a href="index.html">首页</a>' in about
    assert '<a href="threads/bridge/index.html">故事</a>' in about
    assert '<a href="https://example.org/about.md">别处</a>' in about
    assert '<a href="gone.md">无</a>' in about
    anchor = "%E8%81%94%E7%B3%BB"
    assert f'<a href="../../about.html#{anchor}">联系</a>' in site.read("/threads/bridge/")
    assert '<a href="../../../about.html">说明</a>' in site.read("/2024/05/06/")


def test_the_page_index_stands_on_the_home_page_and_nowhere_else(make_site: MakeSite) -> None:
    site = make_site(SITE)
    site.build()
    home = site.read("/")
    assert home.count("读<a href") == 1
    assert '<a href="about.html#%E8%81%94%E7%B3%BB">说明</a>' in home
    assert '<a href="2024/05/06/index.html">今天</a>' in home
    assert "欢迎" not in home
    assert "大桥通车" in home
    assert site.read("/sitemap.xml").count("<loc>https://example.org/news/index.html</loc>") == 0


def test_a_site_without_articles_shows_its_front(make_site: MakeSite) -> None:
    site = make_site('-- site.toml --\nlanguage = "en"\n-- content/pages/index.md --\nWelcome.\n')
    site.build()
    assert "<p>Welcome.</p>" in site.read("/")
    assert "Nothing here yet." not in site.read("/")

"""The addresses that a Jekyll site gave its posts lead to their pages here."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sites import Site

from digest.checking import find_errors
from digest.config import load_config
from digest.errors import RouteCollision
from digest.serve.resident import ResidentSite

MakeSite = Callable[[str], Site]

TABLE = "[redirects]\njekyll = 'date'\ntimezone = 'Asia/Shanghai'\n"
SITE = """
-- site.toml --
title = "渡口"
url = "https://ferry.example/news"
{table}
-- content/_posts/2020-07-02-渡船停运.md --
---
title: 渡船停运
date: 2020-07-02 23:30:00 +0800
categories: [ 要闻 ]
---
<p>大雾，渡船今天停运。</p>
-- content/_posts/2020-07-03-bridge.md --
---
title: 大桥通车
permalink: /bridge/
---
<p>大桥今天通车。</p>
-- content/notes/harbour.md --
---
title: 港口
date: 2020-07-04
---
<p>港口没有旧址。</p>
"""
OLD = {"要闻/2020/07/02/渡船停运.html", "bridge/index.html"}


def site_text(table: str = TABLE) -> str:
    return SITE.format(table=table).lstrip()


def test_old_addresses_lead_on_and_nothing_else_changes(make_site: MakeSite) -> None:
    plain, moved = make_site(site_text("")), make_site(site_text())
    assert plain.build().problems == ()
    assert moved.build().problems == ()
    before, after = plain.tree(), moved.tree()
    assert after.keys() - before.keys() == OLD
    assert {path: after[path] for path in before} == before
    page = moved.read("/要闻/2020/07/02/渡船停运.html")
    (name,) = (moved.output / "2020/07/02").glob("*-*.html")
    assert f'content="0; url=../../../../2020/07/02/{name.name}"' in page
    assert f"href=https://ferry.example/news/2020/07/02/{name.name}>" in page.replace('"', "")
    assert "noindex" in page
    assert "渡船停运" in page


def test_every_link_of_the_redirects_leads_somewhere(make_site: MakeSite) -> None:
    site = make_site(site_text())
    report = site.build()
    assert list(find_errors(load_config(site.root), report)) == []


def test_the_table_can_come_and_go_between_builds(make_site: MakeSite) -> None:
    site = make_site(site_text(""))
    site.build()
    plain = site.tree()
    site.edit("site.toml", 'news"\n', f'news"\n{TABLE}')
    report = site.build()
    assert (report.loaded, report.rendered, report.written) == (3, 2, 2)
    assert site.build().loaded == 0
    site.edit("site.toml", "jekyll = 'date'", "jekyll = 'pretty'")
    assert site.build().removed == 1
    assert "要闻/2020/07/02/渡船停运/index.html" in site.tree()
    site.edit("site.toml", TABLE.replace("date", "pretty"), "")
    assert site.build().removed == 2
    assert site.tree() == plain


def test_of_two_posts_with_one_old_address_the_older_keeps_it(make_site: MakeSite) -> None:
    site = make_site(site_text())
    site.write(
        "content/_posts/2020-07-05-other.md",
        "---\ntitle: 另一座桥\npermalink: /bridge/\n---\n<p>又一座。</p>",
    )
    (problem,) = site.build().problems
    assert (problem.code, problem.path) == ("redirect-taken", "_posts/2020-07-05-other.md")
    assert "'/bridge/' is that of '_posts/2020-07-03-bridge.md' too" in problem.message
    assert "大桥通车" in site.read("/bridge/")
    site.remove("content/_posts/2020-07-03-bridge.md")
    assert site.build().problems == ()
    assert "另一座桥" in site.read("/bridge/")


@pytest.mark.parametrize("permalink", ["/", "/404.html", "/2020/07/02/", "/about.html", "/sources/"])
def test_what_the_site_has_there_itself_goes_before(make_site: MakeSite, permalink: str) -> None:
    site = make_site(site_text())
    site.write("content/pages/about.md", "# 关于\n\n渡口是一份文摘。\n")
    site.edit("content/_posts/2020-07-03-bridge.md", "/bridge/", permalink)
    assert site.build().problems == ()
    assert "http-equiv=refresh" not in site.read(permalink)
    found = ResidentSite(lambda: load_config(site.root))
    found.rebuild(frozenset())
    shown = found.find(permalink + ("index.html" if permalink.endswith("/") else ""))
    assert shown is not None
    assert shown.body == site.read(permalink).encode()


def test_a_file_in_static_goes_before(make_site: MakeSite) -> None:
    site = make_site(site_text() + "-- static/bridge/index.html --\n<title>大桥</title>\n")
    assert site.build().problems == ()
    assert site.read("/bridge/") == "<title>大桥</title>\n"


def test_two_pages_of_the_sites_own_are_still_a_clash(make_site: MakeSite) -> None:
    site = make_site(site_text() + "-- static/404.html --\n<title>x</title>\n")
    with pytest.raises(RouteCollision, match="404"):
        site.build()


def test_the_preview_leads_on_too(make_site: MakeSite) -> None:
    site = make_site(site_text())
    site.build()
    shown = ResidentSite(lambda: load_config(site.root))
    shown.rebuild(frozenset())
    for path, data in site.tree().items():
        resource = shown.find(f"/{path}")
        assert resource is not None, path
        assert resource.body == data, path
    site.edit("content/_posts/2020-07-03-bridge.md", "/bridge/", "/span/")
    shown.rebuild(frozenset({str(site.root / "content/_posts/2020-07-03-bridge.md")}))
    assert shown.find("/bridge/index.html") is None
    assert shown.find("/span/index.html") is not None


def test_a_hidden_article_leaves_no_address(make_site: MakeSite) -> None:
    site = make_site(site_text())
    site.build()
    (name,) = (site.output / "2020/07/03").glob("*-*.html")
    site.write("content/corrections.toml", f"[[article]]\nurl = '/2020/07/03/{name.name}'\nhide = true\n")
    assert site.build().hidden == 1
    assert OLD - set(site.tree()) == {"bridge/index.html"}

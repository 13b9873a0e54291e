"""The preview in a real browser: pages follow every change by themselves, and show why they cannot."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from previews import PATIENCE, Preview, kept, running, until
from sites import Site
from test_build import article
from test_watch import SAVES

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

COLOUR = "element => getComputedStyle(element).color"
ABOUT = "---\ntitle: 关于\n---\n\n第一稿。\n"
SITE = f"""
-- site.toml --
title = "文摘"
-- static/style.css --
h1 {{ color: rgb(1, 0, 0) }}
-- content/pages/about.md --
{ABOUT}
-- content/pages/other.md --
# 另一页
"""


@pytest.fixture
def site(make_site: Callable[[str], Site]) -> Site:
    return make_site(SITE)


@pytest.fixture
def preview(site: Site) -> Iterator[Preview]:
    with running(kept(site.root)) as found:
        yield found


def open_page(page: Page, preview: Preview, path: str = "about.html") -> list[str]:
    """Opens a page that follows changes. What is returned grows with each time it is loaded."""
    loads: list[str] = []
    page.set_default_timeout(PATIENCE * 1000)
    page.on("load", lambda _: loads.append(page.url))
    with page.expect_response(lambda r: "/-/digest/state" in r.url):
        page.goto(preview.url + path)
    return loads


def overlay(page: Page) -> Locator:
    return page.get_by_role("alert", name="Build errors")


def faults(page: Page) -> str:
    shown = overlay(page)
    return shown.inner_text() if shown.count() else ""


def rest(page: Page) -> None:
    """Time in which a page that should stay might have been loaded again."""
    page.wait_for_timeout(700)


def test_a_page_follows_its_article(page: Page, preview: Preview, site: Site) -> None:
    loads = open_page(page, preview)
    site.edit("content/pages/about.md", "第一稿", "第二稿")
    page.get_by_text("第二稿").wait_for()
    rest(page)
    assert len(loads) == 2
    site.write("content/pages/other.md", "# 别处改了")
    until(lambda: "别处改了" in preview.ask("/other.html").text)
    rest(page)
    assert len(loads) == 2


@pytest.mark.parametrize("save", SAVES)
def test_one_save_of_any_editor_is_one_load(
    page: Page, preview: Preview, site: Site, save: Callable[[Path, str], None]
) -> None:
    loads = open_page(page, preview)
    save(site.root / "content/pages/about.md", ABOUT.replace("第一稿", "第二稿"))
    page.get_by_text("第二稿").wait_for()
    rest(page)
    assert len(loads) == 2
    until(lambda: preview.said.count("built again") == 1)


def test_a_pull_of_a_thousand_files_is_one_build(page: Page, site: Site, tmp_path: Path) -> None:
    def git(*arguments: str, folder: Path = site.root / "content") -> None:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)

    git("init", "-b", "main")
    git("add", ".")
    git("commit", "-m", "first")
    other = tmp_path / "other"
    git("clone", ".", str(other))
    for number in range(1000):
        path = other / "voa" / f"{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(article(number), "utf-8")
    git("add", ".", folder=other)
    git("commit", "-m", "a thousand", folder=other)
    with running(kept(site.root)) as preview:
        loads = open_page(page, preview, "sources/voa/index.html")
        git("pull", str(other), "main")
        page.get_by_role("heading", name="美国之音").wait_for(timeout=60_000)
        rest(page)
        assert len(loads) == 2
        assert preview.said.count("built again") == 1


def test_stylesheets_are_swapped_without_a_reload(page: Page, preview: Preview, site: Site) -> None:
    loads = open_page(page, preview)
    page.evaluate("window.untouched = true")
    for number in (1, 2, 3):
        colour = f"rgb({number}, 0, 0)"
        until(lambda wanted=colour: page.locator("main h1").evaluate(COLOUR) == wanted)
        site.edit("static/style.css", colour, f"rgb({number + 1}, 0, 0)")
    until(lambda: page.locator("main h1").evaluate(COLOUR) == "rgb(4, 0, 0)")
    assert page.evaluate("window.untouched")
    assert page.locator("head link[rel=stylesheet]").count() == 1
    assert len(loads) == 1


def test_a_template_and_the_configuration_are_followed(page: Page, preview: Preview, site: Site) -> None:
    open_page(page, preview)
    site.write(
        "templates/page.html", "{% extends 'base.html' %}{% block main %}<h1>换了样子</h1>{% endblock %}"
    )
    page.get_by_text("换了样子").wait_for()
    site.edit("site.toml", "文摘", "新文摘")
    page.locator("body > header > a", has_text="新文摘").wait_for()


def test_many_tabs_follow(page: Page, preview: Preview, site: Site) -> None:
    # A browser opens six connections to a server: these must not be used up.
    tabs = [page, *(page.context.new_page() for _ in range(8))]
    for tab in tabs:
        open_page(tab, preview)
    for old, new in (("第一稿", "第二稿"), ("第二稿", "第三稿")):
        site.edit("content/pages/about.md", old, new)
        for tab in tabs:
            tab.get_by_text(new).wait_for()
        tabs.pop(0).close()  # likely the one that listened for all


def test_a_tab_is_told_by_the_one_that_listens(page: Page, preview: Preview, site: Site) -> None:
    first = open_page(page, preview, "other.html")
    tab = page.context.new_page()
    open_page(tab, preview)
    site.edit("content/pages/about.md", "第一稿", "第二稿")
    tab.get_by_text("第二稿").wait_for()
    assert len(first) == 1


def test_tabs_of_another_machine_follow(page: Page, preview: Preview, site: Site) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")  # as without TLS
    tabs = [page, page.context.new_page()]
    for tab in tabs:
        open_page(tab, preview)
    site.edit("content/pages/about.md", "第一稿", "第二稿")
    for tab in tabs:
        tab.get_by_text("第二稿").wait_for()


def test_errors_lie_over_the_last_good_page_and_go_when_mended(
    page: Page, preview: Preview, site: Site
) -> None:
    loads = open_page(page, preview)
    site.write(
        "templates/page.html", "{% extends 'base.html' %}\n{% block main %}{{ 1 | nope }}{% endblock %}"
    )
    overlay(page).wait_for()
    assert "templates/page.html:2" in faults(page)
    assert "nope" in faults(page)
    assert "nope" in preview.said
    assert page.get_by_text("第一稿").is_visible()
    rest(page)
    assert len(loads) == 1  # no loop while it stands
    page.reload()
    overlay(page).wait_for()
    assert page.get_by_text("第一稿").is_visible()
    page.goto(preview.url + "other.html")
    overlay(page).get_by_role("button", name="Hide").click()
    assert faults(page) == ""
    page.goto(preview.url + "about.html")
    overlay(page).wait_for()
    site.remove("templates/page.html")
    overlay(page).wait_for(state="detached")
    assert page.get_by_text("第一稿").is_visible()


def test_a_site_that_is_broken_from_the_start_is_shown_when_mended(page: Page, site: Site) -> None:
    site.write("templates/page.html", "{% extends 'base.html' %}{% block main %}{{ 1 | nope }}{% endblock %}")
    with running(kept(site.root)) as preview:
        open_page(page, preview)
        overlay(page).wait_for()
        assert "nope" in faults(page)
        site.remove("templates/page.html")
        page.get_by_text("第一稿").wait_for()
        overlay(page).wait_for(state="detached")


def test_a_broken_configuration_is_shown(page: Page, preview: Preview, site: Site) -> None:
    open_page(page, preview)
    site.edit("site.toml", "title", "titel")
    overlay(page).wait_for()
    assert "site.toml:1" in faults(page)
    assert "did you mean 'title'?" in faults(page)
    site.edit("site.toml", "titel", "title")
    overlay(page).wait_for(state="detached")


def test_a_page_that_comes_and_goes(page: Page, preview: Preview, site: Site) -> None:
    open_page(page, preview, "late.html")
    site.write("content/pages/late.md", "# 来了")
    page.get_by_role("heading", name="来了").wait_for()
    (site.root / "content/pages/late.md").rename(site.root / "content/pages/later.md")
    page.get_by_role("heading", name="来了").wait_for(state="detached")
    assert "来了" in preview.ask("/later.html").text
    (site.root / "content/pages").rename(site.root / "content/gone")
    until(lambda: preview.ask("/later.html").status == 404)
    (site.root / "content/gone").rename(site.root / "content/pages")
    until(lambda: preview.ask("/later.html").status == 200)


def test_the_page_follows_after_the_server_was_started_anew(page: Page, site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(kept(site.root), port=port) as preview:
        loads = open_page(page, preview)
    site.edit("content/pages/about.md", "第一稿", "第二稿")
    with running(kept(site.root), port=port) as preview:
        page.get_by_text("第二稿").wait_for()
        rest(page)
        assert len(loads) == 2
        site.edit("content/pages/about.md", "第二稿", "第三稿")
        page.get_by_text("第三稿").wait_for()


@pytest.mark.parametrize(
    "policy",
    ["default-src 'none'; style-src 'self'; img-src 'self'",
     "default-src 'none'; style-src 'self'; script-src 'none'; connect-src 'none'; require-trusted-types-for 'script'"],
)  # fmt: skip
def test_a_strict_policy_lets_it_all_work(page: Page, site: Site, policy: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    site.write("templates/chrome/head.html", f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
               "<link rel=stylesheet href={{ root }}{{ static('style.css') }}>")  # fmt: skip
    with running(kept(site.root)) as preview:
        open_page(page, preview)
        site.write("templates/page.html", "{{ nope")
        overlay(page).wait_for()
        # Its sheet came through as well.
        until(lambda: overlay(page).evaluate("e => getComputedStyle(e).position") == "fixed")
        site.remove("templates/page.html")
        overlay(page).wait_for(state="detached")
        site.edit("content/pages/about.md", "第一稿", "第二稿")
        page.get_by_text("第二稿").wait_for()
    assert [text for text in said if "Content Security Policy" in text] == []


def test_chinese_paths_and_a_base_path(page: Page, site: Site) -> None:
    site.edit("site.toml", "title", 'url = "https://example.org/文摘"\ntitle')
    site.write("static/图/一 二.html", "<!doctype html><title>图</title><p>甲")
    with running(kept(site.root)) as preview:
        open_page(page, preview, "图/一 二.html")
        assert page.get_by_text("甲").is_visible()
        site.edit("static/图/一 二.html", "甲", "乙")
        page.get_by_text("乙").wait_for()
        open_page(page, preview)
        site.edit("content/pages/about.md", "第一稿", "第二稿")
        page.get_by_text("第二稿").wait_for()
        page.locator("body > header > a").click()
        page.wait_for_url("**/index.html")
        assert preview.ask("/").headers["Location"] == "/%E6%96%87%E6%91%98/"


def test_a_page_that_stays_old_is_not_loaded_for_ever(page: Page, preview: Preview, site: Site) -> None:
    """As behind a service worker that answers from what it keeps."""
    old = preview.ask("/about.html").text
    page.route("**/about.html", lambda route: route.fulfill(body=old, content_type="text/html"))
    loads = open_page(page, preview)
    site.edit("content/pages/about.md", "第一稿", "第二稿")
    until(lambda: "第二稿" in preview.ask("/about.html").text)
    rest(page)
    assert 1 < len(loads) <= 3
    before = len(loads)
    rest(page)
    assert len(loads) == before

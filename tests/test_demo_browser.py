"""The built demo in a real Chromium, opened from disk as a reader would from a ZIP."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sites import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copyfile(ROOT / "site.toml", root / "site.toml")
    site = Site(root)
    site.build()
    return site


def address(demo: Site, url: str) -> str:
    return (demo.output / (url[1:] + ("index.html" if url.endswith("/") else ""))).as_uri()


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "url", ["/", "/threads/biden-xi-summit/", "/sources/seine/", "/2023/11/10/", "/about.html"]
)
def test_nothing_overflows_the_window(demo: Site, page: Page, url: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address(demo, url))
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_a_reader_gets_from_the_home_page_into_a_story_and_back(demo: Site, page: Page) -> None:
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(address(demo, "/"))
    page.get_by_role("link", name="拜习会：通往旧金山之路").first.click()
    assert page.locator("h1").inner_text() == "拜习会：通往旧金山之路"
    page.get_by_role("link", name="王毅抵达华盛顿 与布林肯会谈").first.click()
    assert page.locator("h1").inner_text() == "王毅抵达华盛顿 与布林肯会谈"
    # The box of a related story, an anchor without words in the file, leads to the page here.
    page.get_by_role("link", name="习近平会见舒默一行：改善中美关系有一千条理由").first.click()
    assert page.url.startswith("file:")
    assert page.locator("article").inner_text().count("人民大会堂") == 1
    page.get_by_role("banner").get_by_role("link").first.click()
    assert page.url == address(demo, "/")
    assert errors == []


@pytest.mark.browser
def test_an_article_is_readable_without_javascript_and_in_the_dark(demo: Site, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, color_scheme="dark")
    tab = context.new_page()
    tab.goto(address(demo, "/"))
    tab.get_by_role("link", name="亚太经合组织领导人发表《金门宣言》").first.click()
    assert "利马" in tab.locator("article").inner_text()
    context.close()

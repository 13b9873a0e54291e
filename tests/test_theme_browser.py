"""The default theme in a real browser, from a disk, with JavaScript off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from editions import config_in, digest_of, page_of, scrape, thread_of

from digest.model import Body, Picture
from digest.renderer.plan import plan
from digest.renderer.render import Renderer
from digest.renderer.templates import load_theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LONG = "https://www.example.org/" + "%E4%B8%AD" * 30
BODY = Body(
    "<p>两国元首周三会晤，谈了四个小时，含 English words 与 2023 年。</p><h2>之后</h2>"
    f"<p>{LONG}</p><table><tr><td>{'很宽的一格' * 20}</td><td>{'另一格' * 20}</td></tr></table>"
    '<figure class="picture"><a class="picture-link" href="https://example.org/a.jpg">图片</a></figure>',
    "",
)
PAGES = ("index.html", "2023/11/01/rfi-3.html", "2023/11/01/index.html", "2023/11/index.html",
         "sources/rfi/index.html", "threads/summit/index.html", "threads/index.html", "threads/2023-11.html",
         "tags/index.html", "404.html")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site as files."""
    work = tmp_path_factory.mktemp("theme")
    config = config_in(work, page_size=2, tag_minimum=1, base_path="/")
    hero = Picture("https://example.org/hero.jpg", "两人握手", "某社")
    title = "一条够长的标题，说两国元首在海边会晤" * 2
    pages = [
        page_of(scrape(n, tags=("会晤",), hero=hero, title=title, source="voa" if n == 30 else "rfi"))
        for n in (0, 1, 2, 3, 30, 40, 60, 120)
    ]
    theme = load_theme()
    renderer = Renderer(theme, config)
    files = {
        job.path: renderer.render(job.template, job.view, {"plain": BODY})
        for job in plan(digest_of(*pages, threads=(thread_of(*pages),)), config)
    }
    files |= {url[1:]: data for url, data in theme.static_files()}
    for name, data in files.items():
        (work / "public" / name).parent.mkdir(parents=True, exist_ok=True)
        (work / "public" / name).write_bytes(data)
    return work / "public"


@pytest.fixture(params=["light", "dark"])
def tab(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone's tab with JavaScript off, light and dark. Whatever the browser complains of fails the test."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, color_scheme=request.param, java_script_enabled=False
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or said.append(f"request: {r.url}"))
    yield page
    context.close()
    assert said == []


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of a computed colour `rgb(r, g, b)`."""
    parts = [float(part) / 255 for part in colour.partition("(")[2].rstrip(")").split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_readable_on_a_phone(folder: Path, tab: Page, name: str) -> None:
    tab.goto((folder / name).as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    ink, paper = tab.evaluate(
        "[getComputedStyle(document.querySelector('h1')).color, "
        "getComputedStyle(document.documentElement).backgroundColor]"
    )
    if paper == "rgba(0, 0, 0, 0)":  # 404.html colours its body
        paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_small_print_is_dark_enough(folder: Path, tab: Page) -> None:
    tab.goto((folder / "2023/11/01/rfi-3.html").as_uri())
    paper = luminance(tab.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
    for place in (".m time", "article figure > a", "figcaption", ".t a", ".pn a", "body > header a"):
        assert contrast(tab, place, paper) >= 4.5, place
    tab.goto((folder / "threads/summit/index.html").as_uri())
    for place in (".vol", ".vol p", ".time h2", ".time small", ".cov caption", ".cov td", ".cov small"):
        assert contrast(tab, place, paper) >= 4.5, place


def contrast(tab: Page, place: str, paper: float) -> float:
    """The contrast ratio (WCAG 2.2) of the first such element's ink on paper of that luminance."""
    ink = luminance(tab.evaluate(f"getComputedStyle(document.querySelector({place!r})).color"))
    light, dark = sorted((ink, paper), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_skip_link_comes_first_and_leads_to_the_text(folder: Path, tab: Page) -> None:
    tab.goto((folder / "2023/11/01/rfi-3.html").as_uri())
    tab.keyboard.press("Tab")
    link = tab.locator(":focus")
    assert link.text_content() == "跳到正文"
    box = link.bounding_box()
    assert box is not None
    assert box["width"] > 40
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#m")


def test_the_way_from_home_to_an_article_and_back(folder: Path, tab: Page) -> None:
    tab.goto((folder / "index.html").as_uri())
    tab.locator(".day:not(.top) h3 a").first.click()
    assert tab.locator("article h1").count() == 1
    tab.locator("article .m a").first.click()
    assert tab.locator("h1").text_content() == "法广"
    tab.locator(".pager a[rel=next]").click()
    assert tab.url.endswith("page-2.html")
    tab.locator(".pager a[rel=prev]").click()
    # The page after the last full one leads on to the list itself.
    tab.wait_for_url("**/sources/rfi/index.html")


def test_lines_of_an_article_are_not_too_long(folder: Path, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1600, "height": 900})
    page.goto((folder / "2023/11/01/rfi-3.html").as_uri())
    box = page.locator("article").bounding_box()
    size = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.close()
    assert box is not None
    assert 30 <= box["width"] / size <= 40

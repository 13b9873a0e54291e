"""A site kept in memory shows what a clean build would write, whatever was edited, and with little work."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, rule
from sites import Site
from test_incremental import EditedSite

from digest.build import patching, resident
from digest.build.resident import Resident
from digest.build.store import Store
from digest.config import load_config
from digest.errors import DigestError
from digest.places import cache_folder
from digest.serve.resident import ResidentSite


def look(root: Path) -> dict[str, bytes]:
    """The sources of a site as they are on disk."""
    trees = ("content", "static", "templates")
    files = [root / "site.toml", *(path for tree in trees for path in (root / tree).rglob("*"))]
    return {str(path): path.read_bytes() for path in files if path.is_file()}


class WatchedSite(EditedSite):
    """The same edits, told to a resident site."""

    @initialize()
    def start(self) -> None:
        self.shown: ResidentSite | None = None
        super().start()

    @rule()
    def build(self) -> None:
        seen = look(self.root)
        if self.shown is None:
            self.shown = ResidentSite(lambda: load_config(self.root))
            more = self.shown.rebuild(frozenset({str(self.root / "content")})).more
        else:
            changed = {path for path in self.seen.keys() | seen if self.seen.get(path) != seen.get(path)}
            more = self.shown.rebuild(frozenset(changed)).more
        self.seen = seen
        if more:
            assert not self.shown.rebuild(frozenset()).more
        for path, data in self.build_clean().items():
            found = self.shown.find(f"/{path}")
            assert found is not None, path
            assert found.body == data, path


TestWatchedSite = WatchedSite.TestCase
TestWatchedSite.settings = settings(
    max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)

SITE = """\
-- site.toml --
title = "试报"
-- content/a.md --
<!--1699600000000-->
[港口恢复通航](https://www.voachinese.com/a/5000.html)
------

<p>港口今天恢复通航，第一批货轮已经进港。</p>
-- content/b.md --
<!--1699603600000-->
[货轮进港](https://www.voachinese.com/a/5001.html)
------

<p>第一批货轮今天进港，港口恢复通航。</p>
-- content/threads/port.md --
---
title: 港口
include: [voa-5000, voa-5001]
---
"""


@pytest.fixture
def site(make_site: Callable[[str], Site]) -> Site:
    return make_site(SITE)


def open_site(site: Site) -> Resident:
    return Resident(load_config(site.root))


def text_of(resident: Resident, path: str) -> str:
    found = resident.shown.find(path)
    assert isinstance(found, bytes)
    return found.decode()


ARTICLE = "/2023/11/10/voa-5000.html"


def test_the_text_of_an_article_is_patched_in_and_settled_later(site, monkeypatch):
    resident_ = open_site(site)
    before = resident_.shown.edition
    walks = []
    walk = resident.scan.scan
    monkeypatch.setattr(resident.scan, "scan", lambda *a: walks.append(a) or walk(*a))
    site.edit("content/a.md", "第一批货轮", "头一批货轮")
    assert resident_.take_up([str(site.root / "content/a.md")])
    assert "头一批货轮" in text_of(resident_, ARTICLE)
    assert not walks
    assert resident_.shown.edition.surveyed.listings is before.surveyed.listings
    assert not resident_.take_up([])
    assert len(walks) == 1
    assert "头一批货轮" in text_of(resident_, ARTICLE)


def test_what_is_left_to_be_settled_is_not_forgotten_over_another_change(site):
    resident_ = open_site(site)
    site.edit("content/a.md", "第一批货轮", "头一批货轮")
    assert resident_.take_up([str(site.root / "content/a.md")])
    site.edit("content/threads/port.md", "title: 港口", "title: 港口重开")
    assert resident_.take_up([str(site.root / "content/threads/port.md")])
    assert not resident_.take_up([])


def test_a_title_is_new_wherever_it_stands(site):
    resident_ = open_site(site)
    site.edit("content/a.md", "港口恢复通航](", "港口重新开放](")
    resident_.take_up([str(site.root / "content/a.md")])
    for path in (ARTICLE, "/index.html", "/threads/port/index.html", "/2023/11/10/index.html", "/feed.xml"):
        assert "港口重新开放" in text_of(resident_, path), path


def test_what_moves_an_article_elsewhere_is_assembled_at_once(site):
    resident_ = open_site(site)
    site.edit("content/a.md", "1699600000000", "1699500000000")
    assert not resident_.take_up([str(site.root / "content/a.md")])
    assert resident_.shown.find(ARTICLE) is None
    assert "港口恢复通航" in text_of(resident_, "/2023/11/09/voa-5000.html")


def test_a_corrected_article_keeps_its_correction(site):
    site.write("content/corrections.toml", '[[article]]\nurl = "voa-5000"\ntitle = "改过的标题"\n')
    resident_ = open_site(site)
    site.edit("content/a.md", "第一批货轮", "头一批货轮")
    resident_.take_up([str(site.root / "content/a.md")])
    shown = text_of(resident_, ARTICLE)
    assert "改过的标题" in shown
    assert "头一批货轮" in shown


def test_the_curators_files_come_change_and_go_without_a_look_at_any_article(site, monkeypatch):
    resident_ = open_site(site)
    monkeypatch.setattr(patching, "reread_articles", None)
    monkeypatch.setattr(resident, "reread_articles", None)
    monkeypatch.setattr(resident.scan, "scan", None)
    site.edit("content/threads/port.md", "title: 港口", "title: 港口重开")
    resident_.take_up([str(site.root / "content/threads/port.md")])
    assert "港口重开" in text_of(resident_, "/threads/port/index.html")
    site.write("content/pages/about.md", "# 关于\n\n本报。\n")
    resident_.take_up([str(site.root / "content/pages/about.md")])
    assert "本报" in text_of(resident_, "/about.html")
    site.remove("content/threads/port.md")
    resident_.take_up([str(site.root / "content/threads/port.md")])
    assert resident_.shown.find("/threads/port/index.html") is None


def test_templates_and_styles_change_what_is_shown_and_read_nothing(site, monkeypatch):
    resident_ = open_site(site)
    monkeypatch.setattr(resident, "Store", None)
    site.write("templates/404.html", "没有这一页")
    resident_.take_up([str(site.root / "templates/404.html")])
    assert text_of(resident_, "/404.html") == "没有这一页"
    site.write("static/robots.txt", "mine")
    resident_.take_up([str(site.root / "static/robots.txt")])
    assert text_of(resident_, "/robots.txt") == "mine"


def test_a_style_is_new_on_every_page_and_nothing_is_compiled_or_planned_again(site, monkeypatch):
    resident_ = open_site(site)
    before = text_of(resident_, ARTICLE)
    monkeypatch.setattr(resident, "Renderer", None)
    monkeypatch.setattr(resident, "Atlas", None)
    site.write("static/style.css", "p { color: red }")
    resident_.take_up([str(site.root / "static/style.css")])
    after = text_of(resident_, ARTICLE)
    assert before != after
    sheet = re.search(r"style\.[0-9a-f]+\.css", after)
    assert sheet is not None
    assert resident_.shown.find(f"/{sheet[0]}") == b"p { color: red }"


def test_files_of_editors_and_of_nobody_cost_nothing(site, monkeypatch):
    resident_ = open_site(site)
    shown = resident_.shown
    monkeypatch.setattr(resident, "Store", None)
    site.write("content/.a.md.swp", "x")
    gone = [str(site.root / "content" / name) for name in (".a.md.swp", "a.md~", "4913")]
    assert not resident_.take_up(gone)
    assert resident_.shown is shown


def test_files_that_site_toml_ignores_cost_nothing(site, monkeypatch):
    site.edit("site.toml", 'title = "试报"', 'title = "试报"\nignore = ["drafts/**"]')
    site.write("content/drafts/a.md", "# 草稿\n")
    resident_ = open_site(site)
    shown = resident_.shown
    monkeypatch.setattr(resident, "Store", None)
    site.write("content/drafts/a.md", "# 草稿二\n")
    assert not resident_.take_up([str(site.root / "content/drafts/a.md")])
    assert resident_.shown is shown


def test_a_broken_template_is_told_for_the_page_and_the_others_stay(site):
    resident_ = open_site(site)
    site.write("templates/article.html", "{% if %}")
    resident_.take_up([str(site.root / "templates/article.html")])
    with pytest.raises(DigestError, match=r"article\.html"):
        resident_.shown.find(ARTICLE)
    assert "港口" in text_of(resident_, "/index.html")


def test_new_articles_and_those_that_go(site):
    resident_ = open_site(site)
    text = (site.root / "content/a.md").read_text("utf-8")
    site.write("content/new/c.md", text.replace("5000", "5002").replace("港口恢复通航]", "新的一条]"))
    assert not resident_.take_up([str(site.root / "content/new/c.md")])
    assert "新的一条" in text_of(resident_, "/2023/11/10/voa-5002.html")
    site.remove("content/new/c.md")
    resident_.take_up([str(site.root / "content/new/c.md")])
    assert resident_.shown.find("/2023/11/10/voa-5002.html") is None


def test_a_folder_that_changed_is_looked_through(site):
    resident_ = open_site(site)
    site.edit("content/b.md", "货轮进港](", "货轮入港](")
    resident_.take_up([str(site.root / "content")])
    assert "货轮入港" in text_of(resident_, "/index.html")
    (site.root / "content/b.md").rename(site.root / "content/moved.md")
    resident_.take_up([str(site.root / "content")])
    assert "货轮入港" in text_of(resident_, "/2023/11/10/voa-5001.html")


def test_another_build_meanwhile_takes_nothing_away(site):
    resident_ = open_site(site)
    site.build(clean=True)
    assert "第一批货轮" in text_of(resident_, ARTICLE)


def test_a_new_configuration_reads_all_anew(site):
    shown = ResidentSite(lambda: load_config(site.root))
    shown.rebuild(frozenset({str(site.root / "content")}))
    site.edit("site.toml", "试报", "新报")
    shown.rebuild(frozenset({str(site.root / "site.toml")}))
    found = shown.find("/index.html")
    assert found is not None
    assert "新报" in found.body.decode()


def test_what_another_build_kept_from_being_taken_up_is_taken_up_with_the_next_change(site, monkeypatch):
    resident_ = open_site(site)
    site.edit("content/a.md", "第一批货轮", "头一批货轮")
    site.edit("content/b.md", "货轮进港](", "货轮入港](")
    monkeypatch.setattr("digest.build.store._BUSY_SECONDS", 0.01)
    other = Store(cache_folder(resident_.config))
    with pytest.raises(DigestError, match="another digest"):
        resident_.take_up([str(site.root / "content/a.md")])
    assert "第一批货轮" in text_of(resident_, ARTICLE)
    other.close()
    resident_.take_up([str(site.root / "content/b.md")])
    assert "头一批货轮" in text_of(resident_, ARTICLE)
    assert "货轮入港" in text_of(resident_, "/index.html")


def test_a_site_that_is_its_own_content_is_shown_without_a_cache(make_site):
    site = make_site('-- site.toml --\ncontent = "."\n-- a.md --\n# 港口\n\n货轮进港。\n')
    resident_ = open_site(site)
    site.edit("a.md", "货轮进港。", "货轮入港。")
    resident_.take_up([str(site.root / "a.md")])
    resident_.take_up([])
    (page,) = resident_.shown.edition.digest.pages
    assert "货轮入港。" in text_of(resident_, page.url)
    resident_.close()

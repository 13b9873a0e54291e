"""The demo reads cleanly: it is what a newcomer sees first, and every layout's proof at once."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sites import Site

if TYPE_CHECKING:
    from digest.build.report import BuildReport

ROOT = Path(__file__).resolve().parent.parent

BOILERPLATE = re.compile(
    r"分享 :|广告|获取更多RSS|feedx|延伸閱讀|同一主题|版权声明|我们的标准|编译 |编辑：|編輯：|譯者：|"
    r"作者：|[（(]完[)）]|分钟前|小时前|null|class=|© 2023|\*\*|1121\d\d\d"
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "content", root / "content")
    shutil.copyfile(ROOT / "site.toml", root / "site.toml")
    return Site(root)


@pytest.fixture(scope="module")
def report(demo: Site) -> BuildReport:
    return demo.build()


@pytest.fixture(scope="module")
def pages(demo: Site) -> dict[str, dict[str, Any]]:
    """The exported pages by title."""
    from digest.build.export import export_pages
    from digest.config import load_config

    lines = [json.loads(line) for line in export_pages(load_config(demo.root), workers=1)]
    return {line["title"]: line for line in lines}


@pytest.fixture(scope="module")
def alone(demo: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The machine's story of each page by its title, in a demo without the editor's files."""
    from digest.build.pipeline import read_edition
    from digest.config import load_config

    root = tmp_path_factory.mktemp("alone")
    shutil.copytree(demo.root / "content", root / "content", ignore=shutil.ignore_patterns("threads"))
    shutil.copyfile(demo.root / "site.toml", root / "site.toml")
    with read_edition(load_config(root), workers=1) as (edition, _):
        titles = {page.id: page.title for page in edition.digest.pages}
        return {titles[member]: thread.id for thread in edition.digest.threads for member in thread.members}


def test_every_file_is_read_without_a_problem(report: BuildReport, demo: Site) -> None:
    assert [str(problem) for problem in report.problems] == []
    assert {account.role for account in report.files} == {"page", "version", "curator"}
    assert len(report.files) == sum(1 for path in (demo.root / "content").rglob("*") if path.is_file())
    assert report.pages >= 30
    assert report.undated == 0


def test_no_boilerplate_is_left_in_any_text(pages: dict[str, dict[str, Any]]) -> None:
    left = {title: found[0] for title, page in pages.items() if (found := BOILERPLATE.search(page["text"]))}
    assert left == {}


def test_every_page_has_two_sentences_a_time_and_an_outlet_of_the_demo(
    pages: dict[str, dict[str, Any]],
) -> None:
    outlets = {"seine", "potomac", "merlion", "thames", "rhine", "tamsui", "harbour", "goldengate"}
    assert {page["source"] for page in pages.values()} == outlets
    for title, page in pages.items():
        assert len(page["text"]) >= 60, title
        assert "2023-10-06" <= page["published"][:10] <= "2023-11-18", title
        assert ".example/" in page["link"], title


# title: outlet, published, authors, language, kicker
READ = {
    "拜登：下月在旧金山会见习近平“有可能”": ("seine", "2023-10-06T16:20:00Z", [], "zh-Hans", None),
    "耶伦与何立峰会谈两天 约定加强沟通": ("seine", "2023-11-10T22:30:00Z", ["陆川"], "zh-Hans", "要闻解说"),
    "李克强遗体在北京火化 多地下半旗": ("seine", "2023-11-02T06:40:00Z", [], "zh-Hans", None),
    "王毅抵达华盛顿 与布林肯会谈": ("potomac", "2023-10-26T23:48:30Z", [], "zh-Hans", None),
    "习近平将赴旧金山与拜登会晤": ("merlion", "2023-11-10T04:05:33Z", [], "zh-Hans", None),
    "“一带一路”十年：五个数字": ("thames", "2023-10-17T10:04:00Z", ["许望"], "zh-Hans", None),
    "普京出席北京论坛 与习近平会谈": ("rhine", "2023-10-18T11:20:14Z", ["安娜"], "zh-Hans", None),
    "中美发表《阳光之乡声明》 重启气候工作组": ("rhine", "2023-11-15T06:30:27Z", ["林河"], "zh-Hans", None),
    "王毅會拜登：通往舊金山的路不會一帆風順": ("tamsui", "2023-10-29T03:30:00Z", ["江雨"], "zh-Hant", None),
    "美国收紧对华芯片出口管制 涵盖更多人工智能芯片": (
        "harbour",
        "2023-10-17T13:45:09Z",
        [],
        "zh-Hans",
        "焦点：",
    ),
    "耶伦：与何立峰会谈富有成效 将加强沟通": ("harbour", "2023-11-10T23:20:41Z", [], "zh-Hans", None),
    "What the two sides agreed at Filoli": ("goldengate", "2023-11-16T20:15:00Z", ["Ada Reyes"], "en", None),
}


@pytest.mark.parametrize("title", READ)
def test_fields(pages: dict[str, dict[str, Any]], title: str) -> None:
    page = pages[title]
    fields = (page["source"], page["published"], page["authors"], page["lang"], page["kicker"])
    assert fields == READ[title]


# title: host of the lead picture, caption, credit
HEROES = {
    "拜习会举行四小时 两军恢复高层沟通": ("s.seine.example", None, None),
    "习近平会见舒默一行：改善中美关系有一千条理由": (
        "gdb.potomac.example", "美国参议院多数党领袖舒默率团访问北京。（2023年10月9日）", None,
    ),
    "亚太经合组织领导人发表《金门宣言》": (
        "static.merlion.example", "领导人会议在旧金山莫斯康展览中心举行。", "海风社",
    ),
    "李克强去世：合肥旧居门前的鲜花": (
        "ichef.thames.example", "合肥红星路80号是李克强童年住过的地方。", "EPA-EXAMPLE",
    ),
    "“一带一路”十年：五个数字": (
        "ichef.thames.example", "雅万高铁连接雅加达和万隆，10月17日开始商业运营。", None,
    ),
    "拜登再称习近平为“独裁者” 北京反对": ("static.rhine.example", "拜登在会晤后的记者会上。", None),
    "耶伦：与何立峰会谈富有成效 将加强沟通": (
        "s3.harbourmedia.example", "2023年11月10日，美国旧金山，耶伦在记者会上。", "HARBOUR/Lena Ortiz",
    ),
}  # fmt: skip


@pytest.mark.parametrize("title", HEROES)
def test_lead_pictures(pages: dict[str, dict[str, Any]], title: str) -> None:
    hero = pages[title]["hero"]
    host, caption, credit = HEROES[title]
    assert hero["url"].startswith(f"https://{host}/")
    assert (hero["caption"], hero["credit"]) == (caption, credit)


def test_two_scrapes_are_one_page_under_its_newest_title(pages: dict[str, dict[str, Any]]) -> None:
    page = pages["中国前总理李克强突发心脏病逝世 终年68岁"]
    assert [Path(path).stem for path in page["versions"]] == [
        "2023-10-27-中国前总理李克强逝世",
        "2023-10-27-中国前总理李克强突发心脏病逝世 终年68岁",
    ]
    assert "1955年7月" in page["text"]
    assert "中国前总理李克强逝世" not in pages


def test_the_curated_story_tells_the_road_to_the_summit(demo: Site, pages: dict[str, dict[str, Any]]) -> None:
    from digest.build.export import export_threads
    from digest.config import load_config

    threads = [json.loads(line) for line in export_threads(load_config(demo.root), workers=1)]
    (thread,) = [thread for thread in threads if thread["curated"]]
    assert thread["id"] == "biden-xi-summit"
    # What the editor takes is gone from the machine's stories; the others are still there.
    others = [thread for thread in threads if not thread["curated"]]
    assert others
    assert not {path for other in others for path in other["paths"]} & {*thread["paths"]}
    members = {title for title, page in pages.items() if page["path"] in thread["paths"]}
    assert len(members) >= 18
    assert {"拜登：下月在旧金山会见习近平“有可能”", "拜習會登場 4小時談軍事溝通與台灣"} <= members
    assert not any("李克" in title or "一带一路" in title or "芯片" in title for title in members)


# What a newcomer who removes the editor's file gets. Of the summit only the reports of it, not all that led there.
STORIES = {
    "summit": (
        "习近平将赴旧金山与拜登会晤", "白宮宣布：拜登15日會晤習近平", "拜习会前瞻：四个议题",
        "拜登与习近平在斐洛里庄园会晤", "拜习会举行四小时 两军恢复高层沟通", "拜習會登場 4小時談軍事溝通與台灣",
    ),
    "Li Keqiang": (
        "中国前总理李克强突发心脏病逝世 终年68岁", "中國大陸前總理李克強病逝 享壽68歲", "李克强去世：合肥旧居门前的鲜花",
        "李克强遗体在北京火化 多地下半旗", "李克强遗体火化 中国多地下半旗",
    ),
    "Belt and Road": (
        "“一带一路”论坛：习近平宣布八项行动", "普京出席北京论坛 与习近平会谈", "雅萬高鐵商轉 東南亞首條高速鐵路",
        "“一带一路”十年：五个数字",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_the_three_stories_come_out_by_themselves(alone: dict[str, str], name: str) -> None:
    of_it = {alone.get(title) for title in STORIES[name]}
    others = {alone.get(title) for other, titles in STORIES.items() if other != name for title in titles}
    assert len(of_it) == 1
    assert None not in of_it
    assert not of_it & others


def test_links_between_articles_of_the_archive_stay_in_the_site(
    demo: Site, report: BuildReport, pages: dict[str, dict[str, Any]]
) -> None:
    assert report.outputs
    linked = demo.read(pages["拜登与习近平在斐洛里庄园会晤"]["url"])
    for title in ("王毅抵达华盛顿 与布林肯会谈", "习近平会见舒默一行：改善中美关系有一千条理由"):
        assert pages[title]["url"].rpartition("/")[2] in linked


def test_no_page_asks_another_host_for_anything(demo: Site, report: BuildReport) -> None:
    assert report.outputs
    foreign = re.compile(
        rb"""(?:src|srcset|poster)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
    )
    assert [
        path
        for path, data in demo.tree().items()
        if path.endswith((".html", ".css")) and foreign.search(data)
    ] == []

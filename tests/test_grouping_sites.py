"""Grouping on whole sites: stories across outlets and scripts, and addresses that live for ever."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sites import Site

from digest.build.pipeline import read_edition
from digest.config import load_config
from digest.model import Grouping

MakeSite = Callable[[str], Site]
DAY = 86_400_000
START = 1_699_578_000_000  # 2023-11-10 01:00 UTC

FERRY = (
    ("voa", "海港渡轮停航三天 居民绕路", "海港渡轮公司周五宣布，全部渡轮停航三天，检修船底裂缝。居民须绕路过桥。"),
    ("rfi", "渡轮公司宣布停航 检修裂缝", "海港渡轮公司说，渡轮船底发现裂缝，停航检修三天，居民绕路。"),
    ("cna", "海港渡輪停航檢修 居民繞路過橋", "（中央社海港10日專電）海港渡輪公司宣布渡輪停航三天，檢修船底裂縫，居民須繞路。"),
)  # fmt: skip
BRIDGE = (
    ("voa", "山城吊桥塌落 矿工被困", "山城一座吊桥周五塌落，十名矿工被困对岸。消防队架起索道救援矿工。"),
    ("rfi", "吊桥塌落 山城矿工等待救援", "山城吊桥塌落后，矿工被困对岸等待救援，消防队正架索道。"),
    ("cna", "山城吊橋塌落 礦工受困待援", "（中央社山城10日電）山城吊橋塌落，礦工受困對岸，消防隊架索道救援。"),
)  # fmt: skip
LINKS = {
    "voa": "https://www.voachinese.com/a/{}.html",
    "rfi": "https://www.rfi.fr/cn/{}",
    "cna": "https://www.cna.com.tw/news/aopl/20231110{}.aspx",
}


def scrape(outlet: str, number: int, title: str, text: str, hours: float) -> tuple[str, str]:
    link = LINKS[outlet].format(5000 + number)
    stamp = int(START + hours * 3_600_000)
    return (
        f"content/{outlet}/{number}.md",
        f"<!--{stamp}-->\n[{title}]({link})\n------\n\n<p>{text}</p>\n",
    )


def files(*stories: tuple[tuple[str, str, str], ...], hours: float = 2.0) -> list[tuple[str, str]]:
    """The articles of these stories in turns, some hours after each other."""
    turns = [report for turn in zip(*stories, strict=True) for report in turn]
    return [scrape(o, n, title, text, n * hours) for n, (o, title, text) in enumerate(turns)]


def write(site: Site, articles: list[tuple[str, str]]) -> Site:
    for path, text in articles:
        site.write(path, text)
    return site


def grouping_of(site: Site, **options) -> Grouping:
    with read_edition(load_config(site.root), **{"workers": 1, **options}) as (edition, _):
        return edition.grouping


def stories_of(site: Site) -> list[list[str]]:
    """The members of each story by file: `["voa/0", "rfi/1"]`."""
    with read_edition(load_config(site.root), workers=1) as (edition, _):
        paths = {p.id: p.newest.path.removesuffix(".md") for p in edition.digest.pages}
        return sorted(sorted(paths[m] for m in group.members) for group in edition.grouping.groups)


def test_reports_of_one_event_are_one_story_whatever_their_script(make_site: MakeSite) -> None:
    site = write(make_site(""), files(FERRY, BRIDGE))
    assert stories_of(site) == [["cna/4", "rfi/2", "voa/0"], ["cna/5", "rfi/3", "voa/1"]]
    assert site.build().threads == 2
    grouping = grouping_of(site)
    assert [len(group.events) for group in grouping.groups] == [1, 1]
    for group in grouping.groups:
        page = site.read(f"/threads/{group.id}/")
        assert ("渡" in page) != ("吊" in page)


def test_the_article_fetched_first_founds_a_story_whenever_it_was_published(make_site: MakeSite) -> None:
    site = make_site("")
    for number, (outlet, title, text) in enumerate(FERRY):
        path, written = scrape(outlet, number, title, text, -number)
        fetched = f"2023-11-{11 + number}T12:00:00.500Z"
        site.write(path, f"---\ntitle: {title}\ndate: {fetched}\n---\n{written}")
    (group,) = grouping_of(site).groups
    assert [member.partition("-")[0] for member in group.members] == ["cna", "rfi", "voa"]
    assert group.id == "voa-5000"


def test_two_articles_are_enough(make_site: MakeSite) -> None:
    assert stories_of(write(make_site(""), files(FERRY)[:2])) == [["rfi/1", "voa/0"]]


def test_markets_and_round_ups_on_a_site(make_site: MakeSite) -> None:
    site = write(
        make_site(""),
        [
            scrape("voa", 1, "纽约股市收高 科技股领涨", "纽约股市收盘时三大指数上涨。", 0),
            scrape("rfi", 2, "美股收涨 道指创新高", "道琼斯指数周五收盘创下新高。", 1),
            scrape("voa", 3, "纽约股市收高 科技股领涨", "纽约股市收盘时三大指数上涨。", 48),
            scrape("rfi", 4, "油价上涨 布伦特收高", "布伦特原油期货周五收高。", 1),
            scrape("voa", 5, "早报：渡轮停航；吊桥塌落", "渡轮停航。吊桥塌落。", 2),
            scrape("rfi", 6, "早报：渡轮停航；吊桥塌落", "渡轮停航。吊桥塌落。", 3),
        ],
    )
    assert stories_of(site) == [["rfi/2", "voa/1"]]


def test_nothing_hangs_on_the_order_of_files_the_seed_of_hashes_or_the_workers(
    make_site: MakeSite, tmp_path: Path
) -> None:
    articles = files(FERRY, BRIDGE)
    site = write(make_site(""), articles)
    site.build()
    tree = {path: data for path, data in site.tree().items() if path.startswith("threads/")}
    assert len(tree) > 2
    for seed, workers in (("1", "1"), ("2", "2")):
        other = tmp_path / f"seed-{seed}" / site.root.name
        mixed = random.Random(seed).sample(articles, len(articles))
        other.mkdir(parents=True)
        again = write(Site(other), mixed)
        subprocess.run(
            [sys.executable, "-m", "digest", "build", "--site", other, "--workers", workers],
            env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True,
        )  # fmt: skip
        assert {p: d for p, d in again.tree().items() if p.startswith("threads/")} == tree
    assert grouping_of(site, workers=2) == grouping_of(site)


def test_the_file_names_decide_nothing(make_site: MakeSite) -> None:
    articles = files(FERRY, BRIDGE)
    plain = grouping_of(write(make_site(""), articles))
    renamed = [(f"content/{99 - n}.md", text) for n, (_, text) in enumerate(articles)]
    assert grouping_of(write(make_site(""), renamed)) == plain


def test_a_growing_sites_story_addresses_all_lead_on(make_site: MakeSite) -> None:
    # Two threads of one affair, told apart at first, become one when a report says both.
    split = [
        ("voa", "海港渡轮停航 居民绕路", "海港渡轮停航三天，居民绕路过桥。"),
        ("rfi", "渡轮停航 海港居民绕路", "海港渡轮停航三天，居民绕路。"),
        ("cna", "議會傳喚船東 追問船底裂縫", "議會傳喚船東，追問船底裂縫與檢驗紀錄。"),
        ("voa", "船东被传唤 议会追问裂缝", "议会传唤船东，追问船底裂缝和检验记录。"),
        ("rfi", "渡轮停航与船底裂缝：议会传唤船东", "海港渡轮停航，居民绕路；议会传唤船东，追问船底裂缝。"),
        ("cna", "渡輪停航 議會追問船東裂縫", "海港渡輪停航三天，居民繞路，議會追問船東船底裂縫檢驗。"),
        ("voa", "海港渡轮停航背后：船东与裂缝", "海港渡轮停航，议会传唤船东，追问裂缝和检验，居民绕路。"),
        ("rfi", "议会追问渡轮裂缝 船东道歉 居民绕路", "渡轮停航三天，船底裂缝，议会传唤船东，居民绕路。"),
    ]
    articles = [scrape(o, n, title, text, n * 5) for n, (o, title, text) in enumerate(split)]
    assert _grow(make_site(""), articles) >= 1, "nothing was joined: the test shows nothing"


def test_a_growing_demo_keeps_its_story_addresses(make_site: MakeSite) -> None:
    site = make_site("")
    root = Path(__file__).resolve().parent.parent
    shutil.copyfile(root / "site.toml", site.root / "site.toml")
    shutil.copytree(root / "content", site.root / "all")
    with read_edition(load_config(root), workers=1) as (edition, _):
        files = sorted((v.fetched, v.path) for v in edition.readings.versions if v.fetched)
    articles = [(f"content/{path}", (site.root / "all" / path).read_text("utf-8")) for _, path in files]
    assert len(articles) > 30
    _grow(site, articles, every=3)


def _grow(site: Site, articles: list[tuple[str, str]], every: int = 1) -> int:
    """Builds as the articles arrive; says how many addresses moved. Each that was ever published leads to
    a page that holds all that it held."""
    published: dict[str, set[str]] = {}
    moved: set[str] = set()
    for number, (path, text) in enumerate(articles, 1):
        site.write(path, text)
        if number % every and number < len(articles):
            continue
        site.build()
        groups = grouping_of(site).groups
        holders = {name: group for group in groups for name in (group.id, *group.former)}
        for name, members in published.items():
            assert members <= {*holders[name].members}, (number, name)
            page = site.read(f"/threads/{name}/")
            if holders[name].id != name:
                moved.add(name)
                assert f"../../threads/{holders[name].id}/index.html" in page, (number, name)
        for group in groups:
            published[group.id] = {*group.members}
            assert (site.output / "threads" / group.id / "index.html").is_file()
    assert published
    return len(moved)


def test_a_hidden_article_moves_no_story(make_site: MakeSite) -> None:
    site = write(make_site(""), files(FERRY))
    before = grouping_of(site)
    site.write("content/corrections.toml", '[[article]]\nurl = "https://www.rfi.fr/cn/5001"\nhide = true\n')
    assert grouping_of(site) == before
    assert site.build().hidden == 1
    (group,) = before.groups
    page = site.read(f"/threads/{group.id}/")
    assert "海港渡轮停航三天" in page
    assert "渡轮公司宣布停航" not in page


@pytest.mark.corpus
def test_the_seeds_are_one_story_by_themselves(make_site: MakeSite, corpus: Path) -> None:
    site = make_site("")
    for seed in sorted((corpus / "seeds").glob("*.md")):
        shutil.copy(seed, site.root / "content")
    assert [len(story) for story in stories_of(site)] == [5]

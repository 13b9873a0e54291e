"""content/takedown.toml: what was taken down is nowhere but for a stone at its address."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from remotes import Remote, git, make_remote
from sites import Site
from test_build import article, news

from digest.config import load_config
from digest.loaders.curator import load_curated
from digest.model import SourceFile, Takedown

MakeSite = Callable[[str], Site]

URL = "https://www.voachinese.com/a/7000001.html"
PAGE = "2023/11/10/voa-7000001.html"
ENTRY = f'[[article]]\nurl = "{URL}"\ndate = 2026-11-20\nreason = "应当事人要求"\n'
STORY = "-- content/threads/story.md --\n---\ntitle: 一件事\nwords: [第1条, 第2条]\n---\n来龙去脉。\n"


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site(news(4) + STORY)


def take_down(site: Site, text: str = ENTRY) -> None:
    site.write("content/takedown.toml", text)


def holding(site: Site, words: str) -> list[str]:
    return [path for path, data in site.tree().items() if words.encode() in data]


# --- the site -------------------------------------------------------------------------------------


def test_what_is_taken_down_is_nowhere_but_for_a_stone(site: Site) -> None:
    site.build()
    before = holding(site, "第1条新闻")
    assert {PAGE, "feed.xml", "feed.json", "index.html", "threads/story/index.html"} <= set(before)
    take_down(site)
    report = site.build()
    assert holding(site, "第1条新闻") == []
    assert [path for path in holding(site, "voa-7000001") if path != PAGE] == []
    assert (report.pages, report.hidden, report.tombstones, report.problems) == (3, 1, (f"/{PAGE}",), ())
    stone = site.read(f"/{PAGE}")
    assert "<meta name=robots content=noindex>" in stone
    main = re.search(r"<main.*</main>", stone, re.S)
    assert main is not None
    text = "".join(re.sub(r"<[^>]+>", "", main[0]).split())
    assert text == "本文已移除移除日期：2026年11月20日原因：应当事人要求"
    assert PAGE not in (site.output / "sitemap.xml").read_text("utf-8")
    assert "canonical" not in stone


def test_all_else_is_as_if_it_were_hidden(site: Site) -> None:
    take_down(site)
    site.build()
    taken = site.tree()
    site.remove("content/takedown.toml")
    site.write("content/corrections.toml", f'[[article]]\nurl = "{URL}"\nhide = true\n')
    site.build()
    hidden = site.tree()
    assert taken.keys() - hidden.keys() == {PAGE}
    assert {path: data for path, data in taken.items() if path != PAGE} == hidden


def test_an_incremental_build_and_a_clean_one_agree(site: Site) -> None:
    site.build()
    take_down(site)
    site.build()
    step = site.tree()
    site.build(clean=True)
    assert site.tree() == step
    site.remove("content/takedown.toml")
    site.build()
    assert "第1条新闻" in site.read(f"/{PAGE}")


@pytest.mark.parametrize(
    "name",
    [
        URL,
        "http://voachinese.com/a/7000001.html?utm_source=x",
        "voa-7000001",
        f"/{PAGE}",
        f"https://news.example/archive/{PAGE}",
        "/2020/01/01/voa-7000001.html",
    ],
)
@pytest.mark.parametrize("key", ["url", "id"])
def test_an_entry_names_an_article_as_everywhere(site: Site, name: str, key: str) -> None:
    take_down(site, f'[[article]]\n{key} = "{name}"\ndate = 2026-11-20\n')
    report = site.build()
    assert (report.pages, report.problems) == (3, ())
    assert "本文已移除" in site.read(f"/{PAGE}")
    assert "原因" not in site.read(f"/{PAGE}")


def test_all_versions_and_those_to_come_are_taken_down(site: Site) -> None:
    take_down(site)
    site.build()
    later = article(1, title="第1条新闻又来了", text="换了一个说法，还是那件事。", stamp=1_699_650_000_000)
    site.write("content/voa/1b.md", later)
    assert site.build().pages == 3
    assert holding(site, "还是那件事") == []


def test_the_stone_stays_when_the_file_is_deleted_and_the_address_is_given(site: Site) -> None:
    take_down(site, ENTRY.replace(URL, f"/{PAGE}"))
    site.build()
    stone = site.read(f"/{PAGE}")
    site.remove("content/voa/1.md")
    report = site.build()
    assert (report.pages, site.read(f"/{PAGE}")) == (3, stone)
    assert report.problems == ()


def test_an_entry_that_means_no_article_is_told(site: Site) -> None:
    take_down(site, ENTRY + '[[article]]\nid = "voa-1"\ndate = 2026-11-20\n')
    (problem,) = (p for p in site.build().problems if p.code == "takedown-unknown")
    assert (problem.path, problem.line) == ("takedown.toml", 6)
    assert "no article here has the address 'voa-1'" in problem.message


def test_the_same_text_elsewhere_is_told_and_left(make_site: MakeSite) -> None:
    text = "拜登与习近平在旧金山近郊的斐洛里庄园会谈四小时，双方同意恢复两军高层沟通。" * 4
    site = make_site(news(2))
    for outlet, host in (
        ("rfi", "www.rfi.fr/cn/中国/20231110-会谈"),
        ("bbc", "www.bbc.com/zhongwen/simp/world-67104410"),
    ):
        site.write(
            f"content/{outlet}/a.md",
            f"<!--1699603600000-->\n[拜习会谈四小时](https://{host})\n------\n\n<p>{text}</p>\n",
        )
    site.build()
    names = sorted(path for path in site.tree() if re.match(r"2023/11/10/(rfi|bbc)-", path))
    assert len(names) == 2
    take_down(site, f'[[article]]\nurl = "/{names[0]}"\ndate = 2026-11-20\n')
    (problem,) = (p for p in site.build().problems if p.code == "takedown-copy")
    assert Path(names[1]).stem in problem.message
    assert names[1] in holding(site, "斐洛里庄园")
    take_down(site, "".join(f'[[article]]\nurl = "/{name}"\ndate = 2026-11-20\n' for name in names))
    assert site.build().problems == ()
    assert holding(site, "斐洛里庄园") == []


def test_a_story_that_loses_an_article_goes_on_and_its_thread_file_is_told(site: Site) -> None:
    take_down(site)
    site.build()
    assert "第2条新闻" in site.read("/threads/story/")
    site.write("content/threads/other.md", "---\ntitle: 另一件事\ninclude: [voa-7000001]\n---\n")
    (problem,) = (
        p for p in site.build().problems if p.path == "threads/other.md" and p.code == "reference-dead"
    )
    assert "is hidden by a correction, or taken down" in problem.message


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", ("本文已移除", "2026年11月20日")),
        ("en", ("This article has been removed", "20 November 2026")),
    ],
)
def test_the_stone_speaks_the_sites_language(site: Site, language: str, words: tuple[str, ...]) -> None:
    site.edit("site.toml", "title", f"language = '{language}'\ntitle")
    take_down(site)
    site.build()
    stone = site.read(f"/{PAGE}")
    assert all(word in stone for word in words)
    assert "<span lang=zh-Hans>应当事人要求</span>" in stone or language == "zh-Hans"


def test_a_reason_is_text_and_no_markup(site: Site) -> None:
    take_down(site, ENTRY.replace("应当事人要求", "<script>alert(1)</script> & {{ view }}"))
    site.build()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ view }}" in site.read(f"/{PAGE}")


def test_a_site_kept_in_memory_has_the_stone_too(site: Site) -> None:
    from digest.build.pipeline import read_edition
    from digest.renderer.plan import Atlas, plan

    take_down(site)
    config = load_config(site.root)
    with read_edition(config, workers=1) as (edition, _):
        atlas = Atlas(edition.digest, config)
        (job,) = (job for job in plan(edition.digest, config) if job.path == PAGE)
        assert atlas.find(PAGE) == job
        assert atlas.find("2023/11/10/index.html") is not None


# --- the file -------------------------------------------------------------------------------------


def read(text: str) -> tuple[tuple[Takedown, ...], list[tuple[int, str]]]:
    curated = load_curated([SourceFile("takedown.toml", text.encode())])
    return curated.takedowns, [(p.line, p.code) for p in curated.problems]


def test_the_list_is_read() -> None:
    text = (
        ENTRY
        + '\n[[article]]\nid = " voa-1 "\ndate = "2026-11-21"\n[[article]]\nurl = "x"\ndate = 2026-11-22T08:00:00Z\n'
    )
    assert read(text) == (
        (
            Takedown(URL, "2026-11-20", "应当事人要求", 2, "takedown.toml"),
            Takedown("voa-1", "2026-11-21", "", 7, "takedown.toml"),
            Takedown("x", "2026-11-22", "", 10, "takedown.toml"),
        ),
        [],
    )


@pytest.mark.parametrize(
    ("text", "codes", "held"),
    [
        ('[[article]]\nurl = "x"\n', [(1, "takedown-undated")], 1),
        ('[[article]]\nurl = "x"\ndate = 20261120\n', [(3, "value-wrong"), (1, "takedown-undated")], 1),
        ('[[article]]\nurl = "x"\ndate = "gestern"\n', [(3, "value-wrong"), (1, "takedown-undated")], 1),
        ('[[article]]\nurl = "x"\ndate = 2026-11-20\nresaon = "x"\n', [(4, "key-unknown")], 1),
        ('[[article]]\nurl = "x"\ndate = 2026-11-20\nreason = 3\n', [(4, "value-wrong")], 1),
        ("[[article]]\ndate = 2026-11-20\n", [(1, "key-missing")], 0),
        ('[[article]]\nurl = ""\nid = "x"\ndate = 2026-11-20\n', [(2, "value-wrong")], 1),
        ("article = 3\n", [(1, "value-wrong")], 0),
        ('[[entry]]\nurl = "x"\n', [(1, "key-unknown")], 0),
        ('[article]\nurl = "x"\ndate = 2026-11-20\n', [], 1),
        ('[[article]]\nurl = "x\ndate = 2026-11-20\n', [(2, "toml-broken")], 0),
    ],
)
def test_what_is_wrong_in_the_list_is_told_and_the_rest_holds(
    text: str, codes: list[tuple[int, str]], held: int
) -> None:
    takedowns, told = read(text)
    assert len(takedowns) == held
    assert [code for _, code in told][: len(codes)] == [code for _, code in codes]
    assert [line for line, _ in told][:1] == [line for line, _ in codes][:1]


# --- publishing -----------------------------------------------------------------------------------


@pytest.fixture
def remote(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    return make_remote(site, tmp_path / "bare.git", monkeypatch)


def test_a_new_takedown_is_told_with_the_way_to_purge_it(remote: Remote) -> None:
    remote.publish()
    take_down(remote.site)
    hint = (
        f"newly taken down: /{PAGE}. The text is still in the branch's history, and in copies that others made; "
        "digest publish --flat drops the history"
    )
    assert remote.publish("--dry-run").out.splitlines()[-1] == hint
    assert remote.publish().out.splitlines()[-1] == hint
    assert "taken down" not in remote.publish().out
    remote.site.write("content/voa/8.md", article(8))
    assert "taken down" not in remote.publish().out


def test_flat_purges_the_text(remote: Remote) -> None:
    remote.publish()
    old = git("rev-parse", f"gh-pages:{PAGE}", cwd=remote.bare)
    take_down(remote.site)
    told = remote.publish("--flat")
    assert f"newly taken down: /{PAGE}. The text is off the branch" in told.out
    git("gc", "--prune=now", "--quiet", cwd=remote.bare)
    for place in (remote.bare, remote.site.root / ".digest/publish.git"):
        names = git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)", cwd=place)
        assert old not in names.split()


def test_nothing_is_published_while_an_entry_may_be_lost(remote: Remote) -> None:
    take_down(remote.site, ENTRY.replace("url", "ulr"))
    told = remote.publish()
    assert told.code == 1
    assert told.err.startswith("takedown.toml:1: an entry without 'url' or 'id'")
    assert told.err.endswith("(nothing is published before that is mended)")
    take_down(remote.site, ENTRY.replace("date = 2026-11-20\n", ""))
    assert remote.publish().code == 0

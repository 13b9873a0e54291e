"""The build as a whole: what is made, what is made again, and what a failure leaves behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sites import Site

from digest.build.pipeline import StrictError
from digest.errors import RenderError, RouteCollision

MakeSite = Callable[[str], Site]


def article(number: int, title: str = "", text: str = "", stamp: int = 1_699_600_000_000) -> str:
    """A small VOA-like scrape of the day `number` hours after the stamp."""
    return (
        f"<!--{stamp + number * 3_600_000}-->\n"
        f"[{title or f'第{number}条新闻'}]"
        f"(https://www.voachinese.com/a/{7_000_000 + number}.html)\n------\n\n"
        f"<p>{text or f'这是第{number}条新闻的正文，写得不长。'}</p>\n"
    )


def news(count: int) -> str:
    files = [f"-- content/voa/{number}.md --\n{article(number)}" for number in range(count)]
    return "-- site.toml --\ntitle = '新闻'\nurl = 'https://news.example/archive'\n" + "\n".join(files)


def test_a_second_build_renders_nothing_and_writes_nothing(make_site: MakeSite) -> None:
    site = make_site(news(5))
    first = site.build()
    assert (first.loaded, first.pages, first.rendered) == (5, 5, first.written - len(statics(site)))
    before = {path: (site.output / path).stat().st_mtime_ns for path in site.tree()}
    second = site.build()
    assert (second.loaded, second.rendered, second.written, second.removed) == (0, 0, 0, 0)
    assert second.unchanged == first.outputs
    assert {path: (site.output / path).stat().st_mtime_ns for path in site.tree()} == before
    assert second.files == first.files


def statics(site: Site) -> list[str]:
    return [path for path in site.tree() if not path.endswith((".html", ".xml", ".json", ".opml", ".txt"))]


def test_without_the_memo_only_speed_is_lost(make_site: MakeSite) -> None:
    site = make_site(news(4))
    site.build()
    before = site.tree()
    shutil.rmtree(site.root / ".digest")
    again = site.build()
    assert again.loaded == 4
    assert again.written == 0
    assert site.tree() == before


def test_one_new_article_reads_one_file_and_leaves_other_articles_alone(make_site: MakeSite) -> None:
    site = make_site(news(30))
    site.build()
    before = site.tree()
    site.write("content/voa/new.md", article(40))
    report = site.build()
    assert report.loaded == 1
    changed = [
        p
        for p, data in site.tree().items()
        if before.get(p) != data and p.startswith("2023/11/") and "voa-" in p
    ]
    # The new page, and its one neighbour, which gains a link to it.
    assert len(changed) == 2


def test_a_changed_output_is_mended(make_site: MakeSite) -> None:
    site = make_site(news(3))
    site.build()
    whole = site.tree()
    victim = next(path for path in whole if "voa-" in path)
    (site.output / victim).write_text("someone was here")
    (site.output / "index.html").unlink()
    report = site.build()
    assert report.written == 2
    assert site.tree() == whole


def test_a_removed_article_takes_its_page_along(make_site: MakeSite) -> None:
    site = make_site(news(3))
    site.build()
    (site.output / "CNAME").write_text("news.example")
    site.remove("content/voa/1.md")
    report = site.build()
    assert report.pages == 2
    assert report.removed >= 1
    assert not [path for path in site.tree() if "7000001" in path]
    assert (site.output / "CNAME").exists()


def test_every_input_file_is_accounted_for_once(make_site: MakeSite) -> None:
    site = make_site(
        news(2)
        + "\n-- content/voa/1-again.md --\n"
        + article(1, text="第二次抓取，正文更长了一些。", stamp=1_699_700_000_000)
        + "\n-- content/README.md --\nhello\n-- content/pages/about.md --\n---\ntitle: 关于\n---\n说明。\n"
    )  # fmt: skip
    site.write("content/binary.md", b"\x00\x01\x02\xff" * 50)
    report = site.build()
    assert {f.path: f.role for f in report.files} == {
        "README.md": "ignored",
        "binary.md": "problem",
        "pages/about.md": "curator",
        "voa/0.md": "page",
        "voa/1-again.md": "page",
        "voa/1.md": "version",
    }
    assert report.versions == 3
    assert report.pages == 2


def test_workers_and_hash_seed_change_no_byte(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(news(220))
    outputs = []
    for seed, workers in (("0", "1"), ("1", "2"), ("77", "3")):
        output = tmp_path / f"out-{seed}"
        command = [sys.executable, "-m", "digest", "build", "--site", str(site.root), "--output", str(output)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(
            [*command, "--workers", workers, "--clean", "--quiet"], check=True, env=environment, timeout=120
        )
        outputs.append(
            {p.relative_to(output): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}
        )
    assert outputs[0] == outputs[1] == outputs[2]


def test_verify_finds_nothing_where_all_is_well(make_site: MakeSite) -> None:
    site = make_site(news(3))
    first = site.build()
    report = site.build(verify=True)
    assert report.mismatches == ()
    assert report.rendered == first.rendered
    assert report.written == 0


def test_strict_publishes_nothing_where_there_are_problems(make_site: MakeSite) -> None:
    site = make_site(news(2))
    site.build()
    before = site.tree()
    site.write("content/broken.md", b"\x00\xff\x00")
    with pytest.raises(StrictError) as caught:
        site.build(strict=True)
    assert [p.path for p in caught.value.report.problems] == ["broken.md"]
    assert site.tree() == before
    site.build()
    with pytest.raises(StrictError):
        site.build(strict=True)


def test_a_broken_template_names_itself_and_leaves_the_last_good_site(make_site: MakeSite) -> None:
    site = make_site(news(3))
    site.build()
    before = site.tree()
    site.write("templates/article.html", "<p>{{ page.no_such_thing }}\n{{ nothing.at.all }}")
    with pytest.raises(RenderError) as caught:
        site.build()
    assert "article.html" in str(caught.value)
    assert "/2023/11/" in str(caught.value)
    assert site.tree() == before
    site.remove("templates/article.html")
    site.build()
    assert site.tree() == before


def test_two_pages_for_one_address_name_both_origins(make_site: MakeSite) -> None:
    site = make_site("-- content/pages/404.md --\n---\ntitle: 没有\n---\n一页。\n")
    with pytest.raises(RouteCollision, match=r"pages/404\.md"):
        site.build()


def test_a_picture_beside_an_article_is_published(make_site: MakeSite) -> None:
    site = make_site(
        "-- content/trip/note.md --\n---\ntitle: 山路\ndate: 2023-11-01 08:00:00 +0800\n---\n"
        "早晨出发。\n\n![山](img/hill.png)\n"
    )
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
    site.write("content/trip/img/hill.png", picture)
    report = site.build()
    assert report.problems == ()
    places = [path for path, data in site.tree().items() if data == picture]
    assert len(places) == 1
    page = next(data for path, data in site.tree().items() if path.startswith("2023/11/01/trip-"))
    assert f'src="../../../{places[0]}"' in page.decode()
    site.remove("content/trip/img/hill.png")
    assert [p.code for p in site.build().problems] == ["picture-missing"]


def test_a_text_that_looks_like_a_template_is_shown_as_it_is(make_site: MakeSite) -> None:
    site = make_site("-- content/voa/1.md --\n" + article(1, text="写作 {{ config }} 和 {% raise %} 而已。"))
    site.build()
    page = next(data.decode() for path, data in site.tree().items() if "voa-" in path)
    assert "写作 {{ config }} 和 {% raise %} 而已。" in page


def test_a_theme_edited_between_two_builds_of_one_process_is_seen(make_site: MakeSite) -> None:
    site = make_site(news(210))
    site.build(workers=2)
    site.write("templates/page.html", "unused")
    site.write("templates/404.html", "<p>改过的模板</p>")
    site.build(workers=2)
    assert site.read("/404.html") == "<p>改过的模板</p>"

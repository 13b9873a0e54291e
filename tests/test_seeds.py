"""The five files the project started from, with a thread file: one story with timeline and feeds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest
from sites import Site

THREAD = """-- content/threads/summit.md --
---
title: 通往会晤之路
words:
  - [习近平, 韩正, 拜习会]
  - [拜登, 美]
from: 2023-10-06
to: 2023-11-17
---
从第一条消息到正式宣布。
"""


@pytest.mark.corpus
def test_the_seeds_are_one_story(make_site: Callable[[str], Site], corpus: Path) -> None:
    site = make_site("-- site.toml --\ntitle = '会晤'\nurl = 'https://digest.example'\n" + THREAD)
    for seed in sorted((corpus / "seeds").glob("*.md")):
        shutil.copy(seed, site.root / "content")
    report = site.build()
    assert (report.pages, report.versions, report.threads) == (5, 5, 1)
    assert report.problems == ()
    page = site.read("/threads/summit/")
    places = [page.find(f"2023年{day}日</a></h2>") for day in ("10月6", "11月8", "11月9", "11月10")]
    assert -1 not in places
    assert places == sorted(places)
    assert page.count("<li><h2>") == 4
    feed = feedparser.parse(site.read("/threads/summit/feed.xml"))
    assert not feed.bozo
    assert len(feed.entries) == 5
    text = "".join(entry.content[0].value for entry in feed.entries)
    assert "分享 :" not in text
    assert "获取更多RSS" not in text

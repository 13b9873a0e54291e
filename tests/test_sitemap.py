"""The sitemap and robots.txt."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from editions import START, config_in, digest_of, page_of, scrape, thread_of
from feed_checks import SITEMAP, sitemap_faults
from lxml import etree

from digest.config import SiteConfig
from digest.model import CuratorPage, Digest
from digest.renderer.directory import Directory
from digest.renderer.feeds import plan_feeds, render_feed
from digest.renderer.sitemap import plan_sitemap

SITE = "https://news.example.org/digest"


@pytest.fixture
def config(tmp_path: Path) -> SiteConfig:
    """A site with an address."""
    return config_in(tmp_path, url=SITE)


def render(digest: Digest, config: SiteConfig, limit: int = 50_000) -> dict[str, bytes]:
    """The sitemap's files and robots.txt by address."""
    jobs = plan_sitemap(Directory(digest, config), limit)
    return {job.url: render_feed(job.template, job.view, {}, config) for job in jobs}


def rows(data: bytes) -> dict[str, str | None]:
    """Address, without the site's, to the last change."""
    root = etree.fromstring(data)
    return {
        each.findtext(f"{SITEMAP}loc").removeprefix(SITE): each.findtext(f"{SITEMAP}lastmod") for each in root
    }


def test_the_sitemap_names_every_article_and_list_with_its_last_change(config: SiteConfig) -> None:
    page = page_of(scrape(1, topics=("us-china",), tags=("APEC",)))
    undated = page_of(scrape(2, published=None, fetched=None))
    about = CuratorPage("pages/about.md", "about", "关于", "", "zh-Hans")
    digest = digest_of(page, undated, threads=(thread_of(page),), curated=(about,))
    found = render(digest, msgspec.structs.replace(config, tag_minimum=1))
    assert sitemap_faults(found["/sitemap.xml"], SITE) == []
    stamp = "2023-11-01T09:00:00Z"
    assert rows(found["/sitemap.xml"]) == {
        "/undated/rfi-2.html": None,
        "/2023/11/01/rfi-1.html": stamp,
        "/": stamp,
        "/undated/": None,
        "/2023/": stamp,
        "/2023/11/": stamp,
        "/2023/11/01/": stamp,
        "/sources/": stamp,
        "/topics/": stamp,
        "/tags/": stamp,
        "/threads/": stamp,
        "/tags/apec/": stamp,
        "/sources/rfi/": stamp,
        "/topics/us-china/": stamp,
        "/threads/summit/": stamp,
        "/threads/2023-11.html": None,
        "/about.html": None,
    }
    assert found["/robots.txt"] == f"User-agent: *\nDisallow:\n\nSitemap: {SITE}/sitemap.xml\n".encode()


def test_a_list_changed_when_its_newest_article_came(config: SiteConfig) -> None:
    pages = [page_of(scrape(number)) for number in (1, 30, 60)]
    found = rows(render(digest_of(*pages), config)["/sitemap.xml"])
    assert found["/2023/11/"] == found["/"] == f"{pages[-1].moment:%Y-%m-%dT%H:%M:%SZ}"
    assert found["/2023/11/01/"] == f"{START:%Y-%m-%dT}09:00:00Z"


def test_a_big_sitemap_is_split_and_full_parts_stay(config: SiteConfig) -> None:
    pages = [page_of(scrape(number)) for number in range(10)]
    before = render(digest_of(*pages), config, limit=4)
    after = render(digest_of(*pages, page_of(scrape(99))), config, limit=4)
    for found in (before, after):
        parts = [url for url in found if url.startswith("/sitemap-")]
        assert all(sitemap_faults(found[url], SITE) == [] for url in (*parts, "/sitemap.xml"))
        assert list(rows(found["/sitemap.xml"])) == parts
        assert sum(len(rows(found[url])) for url in parts) == len(
            {address for url in parts for address in rows(found[url])}
        )
    assert before["/sitemap-1.xml"] == after["/sitemap-1.xml"]
    assert before["/sitemap-2.xml"] == after["/sitemap-2.xml"]


def test_without_an_address_there_is_no_sitemap(config: SiteConfig) -> None:
    jobs = list(plan_feeds(digest_of(page_of(scrape(1))), msgspec.structs.replace(config, url="")))
    assert not [job.url for job in jobs if "sitemap" in job.url]
    (robots,) = [job for job in jobs if job.url == "/robots.txt"]
    assert b"itemap" not in render_feed("robots.txt", robots.view, {}, config)


def test_an_empty_site_has_a_sitemap_too(config: SiteConfig) -> None:
    found = render(digest_of(), config)
    assert sitemap_faults(found["/sitemap.xml"], SITE) == []
    assert rows(found["/sitemap.xml"]) == {
        f"/{room}": None for room in ("", "sources/", "topics/", "tags/", "threads/")
    }

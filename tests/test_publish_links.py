"""The published tree, served under a base path as project pages are: no link of it is dead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from crawler import crawl, serve_under
from remotes import Remote, make_remote
from sites import Site

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    site = Site(tmp_path / "demo")
    shutil.copytree(ROOT / "content", site.root / "content")
    shutil.copyfile(ROOT / "site.toml", site.root / "site.toml")
    return make_remote(site, tmp_path / "bare.git", monkeypatch)


@pytest.mark.parametrize(
    ("url", "base", "domain"),
    [
        ("https://someone.github.io/文摘", "/文摘/", None),
        ("https://digest.example", "/", b"digest.example\n"),
    ],
)
def test_no_link_of_the_published_tree_is_dead(
    remote: Remote, tmp_path: Path, url: str, base: str, domain: bytes | None
) -> None:
    remote.site.edit("site.toml", "https://digest.example", url)
    assert remote.publish().err == ""
    clone = remote.clone(tmp_path / "clone")
    files = remote.files()
    assert files.get("CNAME") == domain
    # Where the site is all there is at its host, the clone's own folder is its root.
    with serve_under(clone, base if base != "/" else "/root/") as address:
        done = crawl(address, own=url)
        assert done.dead == {}
        # Nothing leads to the 404 page, nor to what only sends on from an old address.
        named = {name: data for name, data in files.items() if name.endswith(".html") and name != "404.html"}
        assert done.pages == sum(b"http-equiv=refresh" not in data for data in named.values())
        assert done.links > 1000

        (clone / "feed.xml").unlink()
        page = next(path for path in sorted(clone.rglob("2023/10/*/*.html")) if path.name != "index.html")
        page.unlink()
        dead = crawl(address, own=url).dead
        assert {link.rpartition("/")[2] for link in dead} == {"feed.xml", page.name}

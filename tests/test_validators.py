"""The demo site and a handful of hostile articles, built whole, before the validators of each format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from feed_checks import atom_faults, json_feed_faults, opml_faults, sitemap_faults
from html_checks import Fault, check_folder
from selectolax.lexbor import LexborHTMLParser

from digest.build.pipeline import build_site, read_edition
from digest.config import SiteConfig, load_config
from digest.renderer import VIEWS
from digest.renderer.plan import plan

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "https://news.example.org/digest"

HOSTILE = Path(__file__).parent / "fixtures/hostile"
"""The markup of the archive at its worst, in our own words."""


TAKEDOWN = """\
[[article]]
id = "merlion-1446012"
date = 2023-11-20
reason = "应来函删除。"
"""


class Built(NamedTuple):
    """A built site: its folder and the configuration it was built with."""

    folder: Path
    config: SiteConfig


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, ...]:
    """The demo with the hostile articles, once with an address and once without, in one folder."""
    work = tmp_path_factory.mktemp("validators")
    (work / "desk").mkdir()
    (work / "desk/takedown.toml").write_text(TAKEDOWN, "utf-8")
    built = []
    for name, url in (("with", ADDRESS), ("without", "")):
        config = load_config(ROOT, output=work / "public" / name)
        changed = msgspec.structs.replace(
            config,
            site=str(work / name),
            content=(*config.content, str(HOSTILE), str(work / "desk")),
            url=url,
            base_path="/digest/" if url else "/",
            page_size=3,
            tag_minimum=1,
            fingerprint=f"{config.fingerprint} {name}",
        )
        (work / name).mkdir()
        build_site(changed, workers=1)
        built.append(Built(Path(changed.output), changed))
    return tuple(built)


def test_every_template_is_seen(sites: tuple[Built, ...]) -> None:
    """What follows proves something of each template, a split sitemap apart."""
    config = sites[0].config
    with read_edition(config, workers=1) as (edition, _):
        templates = {job.template for job in plan(edition.digest, config)}
    assert templates == {*VIEWS} - {"sitemap-index.xml"}


def test_pages_pass_the_nu_validator(
    sites: tuple[Built, ...], nu_errors: Callable[[Path], list[str]]
) -> None:
    assert nu_errors(sites[0].folder.parent) == []


def test_pages_fetch_nothing_lead_somewhere_and_have_one_outline(sites: tuple[Built, ...]) -> None:
    for built in sites:
        assert check_folder(built.folder, built.config.url) == []


def test_feeds_are_valid(sites: tuple[Built, ...]) -> None:
    for built in sites:
        found = sorted(built.folder.rglob("feed.*"))
        assert len(found) > 10
        for path in found:
            check = atom_faults if path.suffix == ".xml" else json_feed_faults
            assert check(path.read_bytes(), built.config.url) == [], path
        assert opml_faults((built.folder / "feeds.opml").read_bytes()) == []


def test_the_sitemap_names_every_page_and_no_other(sites: tuple[Built, ...]) -> None:
    with_address, without = sites
    assert not (without.folder / "sitemap.xml").exists()
    data = (with_address.folder / "sitemap.xml").read_bytes()
    assert sitemap_faults(data, ADDRESS) == []
    named = {node.text().removeprefix(f"{ADDRESS}/") for node in LexborHTMLParser(data.decode()).css("loc")}
    listed = {name + "index.html" if not name or name.endswith("/") else name for name in named}
    pages = {
        path.relative_to(with_address.folder).as_posix()
        for path in with_address.folder.rglob("*.html")
        if not any(mark in path.read_text("utf-8") for mark in ("http-equiv=refresh", "content=noindex"))
    }
    older = {name for name in pages if name.rpartition("/")[2].startswith("page-")}
    assert listed == pages - older - {"404.html"}


def test_hostile_markup_is_shown_as_text_or_not_at_all(sites: tuple[Built, ...]) -> None:
    folder = sites[0].folder
    text = "\n".join(path.read_text("utf-8") for path in sorted((folder / "2023").rglob("*.html")))
    assert "{{ page.title }}{% raw %}" in text
    for gone in ("javascript:alert", "document.write", "onclick", "foreign.example/b.png", "<iframe", "\x1f"):
        assert gone not in text


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ('<img src="https://foreign.example/a.png" alt="">', "foreign"),
        ('<img srcset="a.png 1x, //foreign.example/a.png 2x" src="a.png" alt="">', "foreign"),
        ('<video poster="http://foreign.example/a.png"></video>', "foreign"),
        ('<link rel="preload stylesheet" href="https://foreign.example/a.css">', "foreign"),
        ("<style>@import 'https://foreign.example/a.css';</style>", "foreign"),
        ('<p style="background: url( https://foreign.example/a.png )">x</p>', "foreign"),
        ('<svg><use href="https://foreign.example/a.svg#a"></use></svg>', "foreign"),
        ('<a href="missing.html">x</a>', "missing"),
        ('<a href="#missing">x</a>', "anchor"),
        ('<a href="a.html#missing">x</a>', "anchor"),
        ('<a href="/a.html">x</a>', "absolute"),
        ('<a href="./">x</a>', "folder"),
        (f'<a href="{ADDRESS}/missing.html">x</a>', "missing"),
        ('<a href="javascript:x()">x</a>', "scheme"),
        ("<h1>x</h1>", "outline"),
        ("<h3>x</h3>", "outline"),
        ('<p id="a"></p><p id="a"></p>', "id"),
        ('<img src="a.png">', "picture"),
        ('<script type="application/ld+json">{"a": }</script>', "json-ld"),
    ],
)
def test_the_check_finds(tmp_path: Path, html: str, kind: str) -> None:
    """A check that finds nothing wrong anywhere would let everything pass."""
    (tmp_path / "a.png").touch()
    fine = '<a href="#x">x</a><a href="a.html?q#x">x</a><a href="https://foreign.example/">x</a>'
    (tmp_path / "a.html").write_text(page_with(fine + '<img src="a.png" alt="">'), "utf-8")
    assert check_folder(tmp_path, ADDRESS) == []
    (tmp_path / "b.html").write_text(page_with(html), "utf-8")
    assert [(fault.page, fault.kind) for fault in check_folder(tmp_path, ADDRESS)] == [("b.html", kind)]


def test_the_check_reads_css_files_and_the_page_for_unknown_addresses(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("p { background: url('b.png') }", "utf-8")
    (tmp_path / "index.html").write_text(page_with(""), "utf-8")
    links = '<a href="/digest/index.html">x</a><a href="/x">x</a>'
    (tmp_path / "404.html").write_text(page_with(links), "utf-8")
    assert check_folder(tmp_path, ADDRESS) == [
        Fault("404.html", "absolute", "/x"),
        Fault("a.css", "missing", "b.png (b.png)"),
    ]


def page_with(body: str) -> str:
    """A sound page that holds `body`."""
    head = '<!doctype html><html lang="zh"><head><title>x</title></head>'
    return f'{head}<body><h1 id="x">x</h1>{body}</body></html>'

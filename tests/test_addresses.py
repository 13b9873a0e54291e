"""Which outlet and article an address belongs to, in all its variants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources import read_builtin
from digest.sources.address import Address, Addresses, unknown_slug, url_key
from digest.sources.profile import Profile, UrlRule

ADDRESSES = Addresses(read_builtin())


def _same(*urls: str) -> Address:
    places = [ADDRESSES.locate(url) for url in urls]
    assert all(places)
    assert len({(p.source, p.key) for p in places if p}) == 1
    return places[0] or Address("", "", "", "")


@pytest.mark.parametrize(
    ("source", "key", "urls"),
    [
        (
            "dw",
            "key:54541674",
            ("https://www.dw.com/zh/北斗/a-54541674", "http://dw.com/zh/%E5%8C%97?好/a-54541674#x"),
        ),
        (
            "cna",
            "key:202008110114",
            (
                "https://www.cna.com.tw/news/afe/202008110114.aspx",
                "https://www.cna.com.tw/news/firstnews/202008110114.aspx?utm_source=a",
            ),
        ),
        (
            "voa",
            "key:5543524",
            (
                "https://www.voachinese.com/a/5543524.html",
                "https://www.voachinese.com/a/the-slug/5543524.html",
            ),
        ),
        (
            "rfi",
            "key:/cn/中国/20200811-文",
            (
                "http://www.rfi.fr//cn/%E4%B8%AD%E5%9B%BD/20200811-%e6%96%87",
                "https://rfi.fr/cn/中国/20200811-文",
            ),
        ),
    ],
)
def test_all_variants_of_an_address_are_one_article(source: str, key: str, urls: tuple[str, ...]) -> None:
    assert _same(*urls)[:2] == (source, key)


def test_a_host_no_profile_knows_is_an_outlet_of_its_own() -> None:
    place = _same(
        "https://news.example.org/a/?utm_source=x",
        "http://news.example.org/a#b",
        "https://news.example.org/a",
    )
    assert place[:2] == ("news-example-org", "url:news.example.org/a")
    assert unknown_slug("www.example.org") == "www-example-org"
    assert url_key("https://www.example.org/a/") == url_key("http://example.org/a")


def test_what_is_no_web_address_leads_nowhere() -> None:
    for text in ("mailto:a@example.org", "javascript:x", "/a/b", "", "a", "ftp://example.org/a"):
        assert ADDRESSES.locate(text) is None


def test_a_known_outlets_address_on_any_host() -> None:
    place = ADDRESSES.read("https://mirror.example.org/news/x/202008110114.aspx", "cna")
    assert place is not None
    assert place[:2] == ("cna", "key:202008110114")


def test_domains_with_and_without_www() -> None:
    addresses = Addresses(
        (
            Profile(slug="one", name="", domains=("www.one.example",)),
            Profile(slug="two", name="", domains=("two.example",)),
            Profile(slug="late", name="", domains=("two.example",)),
        )
    )
    assert [addresses.slug_of_host(h) for h in ("one.example", "m.one.example", "a.one.example")] == [
        "one",
        "one",
        "",
    ]
    assert [addresses.slug_of_host(h) for h in ("www.two.example", "a.b.two.example", "nottwo.example")] == [
        "two",
        "two",
        "",
    ]


def test_replacements_go_before_the_key_and_sections_are_read() -> None:
    rule = UrlRule(replace=((r"/trad/", "/simp/"),), key=r"/simp/(\w+)/(\d+)", section=r"/simp/(\w+)/")
    addresses = Addresses((Profile(slug="b", name="", domains=("b.example",), url=rule),))
    assert addresses.locate("https://b.example/trad/world/12") == Address(
        "b", "key:world-12", "https://b.example/simp/world/12", "world"
    )


@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    place = ADDRESSES.locate("https://www.rfi.fr/" + text)
    assert place is not None
    assert place.canonical.isascii()
    assert ADDRESSES.locate(place.canonical) is not None

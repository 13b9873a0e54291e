"""Jekyll's addresses, by its own rules: https://jekyllrb.com/docs/permalinks/."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.permalinks import STYLES, Permalinks, is_no_permalink, old_address, slugify

POST = "_posts/2020-07-03-Bridge-opens.md"
EAST = timezone(timedelta(hours=8))


def address(template: str, path: str = POST, zone: str = "UTC", **front: Any) -> str:
    return old_address(path, front, Permalinks(template, zone))


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("date", "/news/2020/07/03/Bridge-opens.html"),
        ("pretty", "/news/2020/07/03/Bridge-opens/"),
        ("ordinal", "/news/2020/185/Bridge-opens.html"),
        ("weekdate", "/news/2020/W27/Fri/Bridge-opens.html"),
        ("none", "/news/Bridge-opens.html"),
    ],
)
def test_each_style_of_jekyll(style: str, expected: str) -> None:
    assert address(style, category="News") == expected
    assert address(STYLES[style], category="News") == expected


def test_a_post_without_category_has_no_doubled_slash() -> None:
    assert address("date") == "/2020/07/03/Bridge-opens.html"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("/:year/:title", "/2020/Bridge-opens.html"),  # the file; hosts serve it without the suffix too
        ("/:title/", "/Bridge-opens/"),
        ("/archive/:short_year/:i_month/:i_day/:slug.html", "/archive/20/7/3/bridge-opens.html"),
        ("/:short_month/:long_month/:short_day/:long_day/", "/Jul/July/Fri/Friday/"),
        ("/:w_year-:week-:w_day/:y_day.html", "/2020-27-5/185.html"),
        ("/:hour:minute:second/:title.html", "/013005/Bridge-opens.html"),
        ("/:year_:month/:title.html", "/2020_07/Bridge-opens.html"),
        ("/:collection/:name.html", "/posts/2020-07-03-bridge-opens.html"),
        ("/x:path/", "/x/2020-07-03-Bridge-opens/"),
        ("/fixed", "/fixed.html"),
        ("/:title/index.html", "/Bridge-opens/"),
        ("/index.html", ""),
        ("/:title.html/", ""),  # where another post's file may lie, there can be no folder
    ],
)
def test_a_template_of_ones_own(template: str, expected: str) -> None:
    assert not is_no_permalink(template)
    assert address(template, date=datetime(2020, 7, 3, 1, 30, 5, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ({"categories": ["News", "Far East"]}, "/news/far east/t.html"),
        ({"categories": "News World"}, "/news/world/t.html"),  # words of a string
        ({"category": "Far East"}, "/far east/t.html"),  # one name
        ({"categories": ["B"], "category": "A"}, "/b/a/t.html"),
        ({"categories": ["News", "news"]}, "/news/t.html"),
        ({"categories": ["要闻", 2020]}, "/要闻/2020/t.html"),
        ({"categories": None}, "/t.html"),
        ({"categories": ["a/b"]}, "/a/b/t.html"),
    ],
)
def test_categories(front: dict[str, Any], expected: str) -> None:
    assert address("none", "_posts/2020-07-03-t.md", **front) == expected


def test_slugified_categories() -> None:
    front = {"categories": ["Work 2 Progress", "要闻：国际"]}
    template = "/:slugified_categories/:title.html"
    assert address(template, "_posts/2020-07-03-t.md", **front) == "/work-2-progress/要闻-国际/t.html"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("news/_posts/2020-07-03-t.md", "/news/t.html"),
        ("a/b/_posts/c/2020-07-03-t.md", "/a/b/t.html"),  # folders above _posts are categories, below none
        ("_posts/c/2020-07-03-t.md", "/t.html"),
        ("2020-07-03-t.md", "/t.html"),  # the content folder is _posts itself
        ("c/2020-07-03-t.md", "/t.html"),
    ],
)
def test_folders_above_the_posts_are_categories(path: str, expected: str) -> None:
    assert address("none", path) == expected


def test_folders_come_before_the_front_matter() -> None:
    assert address("none", "news/_posts/2020-07-03-t.md", category="Far") == "/news/far/t.html"


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        (None, "UTC", "/2020/07/03/t.html"),
        (datetime(2020, 7, 9, tzinfo=UTC), "UTC", "/2020/07/09/t.html"),  # front matter before file name
        (date(2020, 7, 9), "Asia/Shanghai", "/2020/07/09/t.html"),
        (datetime(2020, 7, 3, 23, 30, tzinfo=UTC), "Asia/Shanghai", "/2020/07/04/t.html"),
        (datetime(2020, 7, 4, 7, 30, tzinfo=EAST), "UTC", "/2020/07/03/t.html"),
        (datetime(2020, 7, 3, 23, 30), "Asia/Shanghai", "/2020/07/04/t.html"),  # noqa: DTZ001 - YAML's own
        ("2020-07-04 07:30:00 +0800", "UTC", "/2020/07/03/t.html"),  # as Jekyll's manual writes it
        ("2020-07-03 23:30:00", "Asia/Shanghai", "/2020/07/04/t.html"),
        ("2020-07-03 23:30", "Asia/Shanghai", "/2020/07/03/t.html"),
        ("soon", "UTC", "/2020/07/03/t.html"),
    ],
)
def test_the_date_is_that_of_the_old_sites_clock(value: object, zone: str, expected: str) -> None:
    assert address("date", "_posts/2020-07-03-t.md", zone, date=value) == expected


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ({"permalink": "/letters/two/"}, "/letters/two/"),
        ({"permalink": "/letters/:year/:title"}, "/letters/2020/Bridge-opens.html"),
        ({"permalink": "letters"}, "/letters.html"),
        ({"permalink": "pretty"}, "/pretty.html"),  # styles are not known in front matter
        ({"permalink": "/a%20b/"}, "/a b/"),
        ({"permalink": "https://www.rhine.example/a"}, "/2020/07/03/Bridge-opens.html"),  # a scraper's
        ({"slug": "Short One"}, "/2020/07/03/Short-One.html"),
        ({"published": False}, ""),
        ({"permalink": "/../../etc/x"}, "/etc/x.html"),
        ({"permalink": "/%2e%2e/%2e%2e/etc/x"}, ""),  # nothing leaves the site
        ({"permalink": "/a%00b"}, ""),
        ({"permalink": "/"}, ""),  # the home page is not a post's
    ],
)
def test_the_front_matter_decides(front: dict[str, Any], expected: str) -> None:
    assert address("date", **front) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("_posts/2020-07-03-大桥：今天“通车”.md", "/2020/07/03/大桥-今天-通车.html"),
        ("_posts/2020-07-03-八问 41 日：到底?.md", "/2020/07/03/八问-41-日-到底.html"),
        ("_posts/2020-7-3-C++ & Rust, 2.0!.markdown", "/2020/07/03/C++-&-Rust,-2.0!.html"),
        ("_posts/20-07-03-t.md", "/2020/07/03/t.html"),
        ("_posts/2020-07-03-end...md", "/2020/07/03/end.html"),
        ("_posts/about.md", ""),
        ("_posts/2020-13-03-t.md", ""),
        ("_posts/2020-07-03-" + "长" * 90 + ".md", ""),  # no file system takes that name
    ],
)
def test_file_names(path: str, expected: str) -> None:
    assert address("date", path) == expected


@pytest.mark.parametrize(
    ("text", "plain", "pretty"),
    [
        ("The _config.yml file", "the-config-yml-file", "The-_config.yml-file"),
        ("  双语：A/B  ", "双语-a-b", "双语-A-B"),
        ("été — 夏", "été-夏", "été-夏"),
        ("１２３", "１２３", "１２３"),
        ("½", "", ""),
        ("?!", "", "!"),
        ("नमस्ते", "नमस्ते", "नमस्ते"),  # marks stay
    ],
)
def test_slugs(text: str, plain: str, pretty: str) -> None:
    assert (slugify(text), slugify(text, pretty=True)) == (plain, pretty)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("/:year/:tilte/", ":tilte"),
        ("prety", "expected a template or pretty"),
        ("", "expected a template"),
    ],
)
def test_a_template_that_jekyll_does_not_know(template: str, words: str) -> None:
    assert words in is_no_permalink(template)


@given(
    st.text(min_size=1, max_size=40).filter(lambda t: "/" not in t),
    st.sampled_from([*STYLES, "/:slug", "/:path/"]),
    st.dictionaries(
        st.sampled_from(["date", "slug", "permalink", "categories", "category", "published"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=5)),
    ),
)
def test_an_address_is_a_file_of_the_site_whatever_is_in_it(
    name: str, style: str, front: dict[str, Any]
) -> None:
    found = old_address(f"_posts/2020-07-03-{name}.md", front, Permalinks(style))
    if found:
        assert found.startswith("/")
        assert found.endswith(("/", ".html"))
        parts = found.split("/")
        assert not {"..", "."} & set(parts)
        assert "\0" not in found
        assert all(len(part.encode("utf-8", "surrogatepass")) <= 255 for part in parts)

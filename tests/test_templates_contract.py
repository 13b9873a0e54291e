"""The contract with theme authors: docs/pages/templates.md and the code say the same; errors name their place."""

from __future__ import annotations

import re
from inspect import get_annotations
from pathlib import Path

import msgspec
import pytest
from editions import BODY, config_in, digest_of, page_of, scrape, thread_of
from jinja2.defaults import DEFAULT_FILTERS, DEFAULT_NAMESPACE
from msgspec import Struct

from digest.errors import RenderError
from digest.model import Body
from digest.renderer import parts
from digest.renderer.plan import plan
from digest.renderer.render import Chrome, Renderer, Site
from digest.renderer.templates import CHROME, Theme, load_theme
from digest.renderer.views import PAGE_VIEWS, NotFoundView

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs/pages/templates.md").read_text("utf-8")
BODIES = {"plain": BODY}


def tables(level: str) -> dict[str, list[tuple[str, str]]]:
    """The first two columns of each table under a heading of that level, by heading."""
    found = {}
    for section in re.split(rf"^{level} ", DOCUMENT, flags=re.M)[1:]:
        heading, _, text = section.partition("\n")
        text = re.split(r"^#+ ", text, maxsplit=1, flags=re.M)[0]
        rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
        found[heading] = [(row[0].strip("|` "), row[1].strip()) for row in rows]
    return found


def fields_of(kind: type[Struct]) -> list[tuple[str, str]]:
    """A view's fields with their types, as the document writes them."""
    return [
        (name, annotation.replace(" | ", " or "))
        for base in reversed(kind.__mro__)
        for name, annotation in get_annotations(base).items()
    ]


def render_all(folder: Path, theme: Theme | None = None, **settings: object) -> dict[str, str]:
    """A small site with every kind of page, by address."""
    config = config_in(folder, **{"tag_minimum": 1, "page_size": 2, **settings})
    pages = [page_of(scrape(n, tags=("会晤",), topics=("china",))) for n in range(7)]
    digest = digest_of(*pages, page_of(scrape(9, published=None, fetched=None)), threads=(thread_of(*pages),))
    renderer = Renderer(theme or load_theme(), config)
    return {
        job.url: renderer.render(job.template, job.view, BODIES).decode()
        for job in plan(digest, config)
        if job.template in PAGE_VIEWS
    }


def theme_with(**sources: str) -> Theme:
    """The default theme with some templates replaced; `_` in a name stands for its dot."""
    replaced = {name.replace("_html", ".html"): text for name, text in sources.items()}
    return Theme(
        {**load_theme().sources, **{name: (f"mine/{name}", text) for name, text in replaced.items()}},
        {"style.css": b"", "favicon.svg": b""},
    )


# docs/pages/templates.md against the code


@pytest.mark.parametrize("template", PAGE_VIEWS)
def test_the_document_tells_each_field_of_a_view(template: str) -> None:
    view = PAGE_VIEWS[template]
    assert tables("###")[f"{template}: {view.__name__}"] == fields_of(view)


def test_the_document_tells_each_part_and_no_others() -> None:
    structs = {
        name: kind
        for name, kind in vars(parts).items()
        if isinstance(kind, type) and issubclass(kind, parts.Part) and kind is not parts.Part
    }
    structs |= {"Site": Site, "Chrome": Chrome}
    told = {name: rows for name, rows in tables("###").items() if ":" not in name}
    assert told == {name: fields_of(kind) for name, kind in structs.items()}


def test_the_document_tells_each_template_and_no_others() -> None:
    told = [name.partition(":")[0] for name in tables("###") if ":" in name]
    assert told == list(PAGE_VIEWS)


def test_the_document_tells_what_a_template_is_given() -> None:
    told = {name.partition("(")[0] for name, _ in tables("##")["What a template is given"]}
    environment = Renderer(load_theme(), config_in(ROOT))._environment
    given = set(environment.globals) - set(DEFAULT_NAMESPACE) | {"view", "body", "root", "chrome"}
    assert told == given
    assert set(environment.filters) == set(DEFAULT_FILTERS)


def test_the_default_theme_has_every_template() -> None:
    theme = load_theme()
    assert set(PAGE_VIEWS) | set(CHROME) <= set(theme.sources)


# Pages


def test_every_page_has_one_h1_a_title_and_its_language(tmp_path: Path) -> None:
    for url, html in render_all(tmp_path).items():
        assert html.count("<h1") == 1, url
        start = html.replace('"', "")
        assert re.match(r"<!doctype html>\s*<html lang=zh-Hans>\s*<meta charset=utf-8>", start), url


def test_pages_without_an_address_claim_none(tmp_path: Path) -> None:
    for url, html in render_all(tmp_path).items():
        assert "canonical" not in html, url
        assert "og:url" not in html, url


def test_pages_claim_their_own_address_or_the_originals(tmp_path: Path) -> None:
    place = {"url": "https://example.org/d", "base_path": "/d/"}
    pages = render_all(tmp_path, **place)
    article = pages["/2023/11/01/rfi-1.html"]
    assert '<link rel=canonical href="https://example.org/d/2023/11/01/rfi-1.html">' in article
    assert '<meta property=og:url content="https://example.org/d/2023/11/01/rfi-1.html">' in article
    assert '<link rel=canonical href="https://example.org/d/sources/rfi/">' in pages["/sources/rfi/"]
    assert "href=/d/index.html" in pages["/404.html"].replace('"', "")
    article = render_all(tmp_path, canonical="original", **place)["/2023/11/01/rfi-1.html"]
    assert '<link rel=canonical href="https://www.example.com/1">' in article


def test_template_syntax_in_an_article_is_text(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    page = page_of(scrape(1, title="{{ 7 * 7 }} {% raw %}", body="odd"))
    job = next(iter(plan(digest_of(page), config)))
    body = Body("<p>{{ scope.counterText }} {% endfor %} {# #}</p>", "")
    html = Renderer(load_theme(), config).render(job.template, job.view, {"odd": body}).decode()
    assert body.html in html
    assert "<h1>{{ 7 * 7 }} {% raw %}</h1>" in html


def test_titles_are_escaped_everywhere(tmp_path: Path) -> None:
    config = config_in(tmp_path, title='报 "<&>')
    digest = digest_of(page_of(scrape(1, title='甲"><script>alert(1)</script>', authors=("<u>",))))
    renderer = Renderer(load_theme(), config)
    for job in plan(digest, config):
        if job.template in PAGE_VIEWS:
            html = renderer.render(job.template, job.view, BODIES).decode()
            assert "<script>" not in html, job.url
            assert "<u>" not in html, job.url


def test_an_article_page_spends_little_beyond_its_body(tmp_path: Path) -> None:
    # Real figures are those of benchmarks/archive.py; this holds the fixed part of them.
    page = render_all(tmp_path)["/2023/11/01/rfi-3.html"]
    assert len(page.encode()) - len(BODY.html.encode()) < 2000


def test_neighbours_of_one_day_are_named_without_their_folder(tmp_path: Path) -> None:
    pages = render_all(tmp_path)
    page = pages["/2023/11/01/rfi-1.html"]
    assert "<a rel=prev href=rfi-0.html>" in page
    assert "<a href=index.html><time" in page
    assert "<a rel=next href=../2023/11/01/rfi-0.html>" in pages["/undated/rfi-9.html"]


# Errors


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("<p>\n{{ view.nothing }}", 2, "nothing"),
        ("{{ unheard_of }}", 1, "unheard_of"),
        ("\n\n{% if %}", 3, "Expected an expression"),
        ("\n{{ 1 // 0 }}", 2, "division"),
        ("\n{{ static('none.png') }}", 2, "none.png"),
        ("{% extends 'gone.html' %}", 0, "gone.html"),
    ],
)
def test_a_broken_template_is_named_with_line_and_page(
    tmp_path: Path, source: str, line: int, words: str
) -> None:
    with pytest.raises(RenderError) as caught:
        render_all(tmp_path, theme_with(day_html=source))
    assert words in str(caught.value)
    assert "day.html" in str(caught.value)
    assert "on page /2023/11/01/" in str(caught.value)
    if line:
        assert caught.value.location is not None
        assert str(caught.value.location) == f"mine/day.html:{line}"


def test_a_fault_of_ours_keeps_its_traceback(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    job = next(iter(plan(digest_of(page_of(scrape(1))), config)))
    with pytest.raises(KeyError):
        Renderer(load_theme(), config).render(job.template, job.view, {})


# The theme as a value


def test_a_template_depends_on_what_it_is_made_of() -> None:
    plain = load_theme()
    for changed, depends in (
        ("base_html", {"day.html", "article.html", "source.html"}),
        ("list_html", {"source.html", "tag.html"}),
        ("chrome/foot_html", {"day.html", "article.html", "404.html"}),
        ("day_html", {"day.html"}),
    ):
        same_files = theme_with()
        theme = theme_with(**{changed: "{{ 1 }}"})
        found = {n for n in PAGE_VIEWS if theme.closure_digest(n) != same_files.closure_digest(n)}
        assert depends <= found, changed
        assert ("month.html" in found) == (changed in ("base_html", "chrome/foot_html")), changed
    assert plain.closure_digest("day.html") == load_theme().closure_digest("day.html")
    assert plain.digest == load_theme().digest != theme_with().digest


def test_a_template_that_names_another_at_run_time_depends_on_all() -> None:
    dynamic = "{% include view.title %}"
    one = theme_with(day_html=dynamic)
    other = theme_with(day_html=dynamic, unrelated_html="x")
    assert one.closure_digest("day.html") != other.closure_digest("day.html")
    assert one.closure_digest("month.html") == other.closure_digest("month.html")


def test_a_sites_own_files_stand_over_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "templates/parts").mkdir(parents=True)
    (tmp_path / "static/fonts").mkdir(parents=True)
    (tmp_path / "templates/404.html").write_text("<!doctype html>\n<h1>{{ view.title }}</h1>\n", "utf-8")
    (tmp_path / "static/style.css").write_bytes(b"body{}")
    (tmp_path / "static/CNAME").write_bytes(b"example.org\n")
    (tmp_path / "static/.hidden").write_bytes(b"")
    theme = load_theme(tmp_path / "templates", str(tmp_path / "static"))
    files = dict(theme.static_files())
    assert set(files) == {"/CNAME", "/favicon.svg", f"/{theme.static['style.css']}"}
    assert re.fullmatch(r"style\.[0-9a-f]{8}\.css", theme.static["style.css"])
    assert files["/CNAME"] == b"example.org\n"
    html = Renderer(theme, config_in(tmp_path)).render("404.html", NotFoundView("404.html", "无"), {})
    assert html == "<!doctype html>\n<h1>无</h1>".encode()


def test_a_template_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "day.html").write_bytes("一\n二\n".encode() + b"\xff")
    with pytest.raises(RenderError, match="UTF-8") as caught:
        load_theme(tmp_path)
    assert caught.value.location is not None
    assert caught.value.location.line == 3


def test_a_view_and_its_bytes_render_alike(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    renderer = Renderer(load_theme(), config)
    for job in plan(digest_of(page_of(scrape(1))), config):
        if job.template in PAGE_VIEWS:
            view = msgspec.msgpack.decode(msgspec.msgpack.encode(job.view), type=PAGE_VIEWS[job.template])
            assert renderer.render(job.template, view, BODIES) == renderer.render(
                job.template, job.view, BODIES
            )


def test_functions_and_macros_may_be_called_in_every_way_jinja_has(tmp_path: Path) -> None:
    source = (
        "{% macro mark(text, sign='<', end=sign) %}{{ sign }}{{ text }}{{ end }}{% endmacro %}"
        "{% macro wrap(title) %}{{ title }}({{ caller(1) }}{{ varargs | length }}){% endmacro %}"
        "{{ mark('a') }} {{ mark('b', end='&') }} {% call(n) wrap('c', 2, 3) %}{{ n }}{% endcall %}"
        " {{ 'x{}'.format(1) }} {% for n in range(2) %}{{ loop.cycle('d', 'e') }}{% endfor %}"
    )
    theme = load_theme()
    theme = Theme({**theme.sources, "404.html": ("404.html", source)}, dict.fromkeys(theme.static, b""))
    html = Renderer(theme, config_in(tmp_path)).render("404.html", NotFoundView("404.html", "无"), {})
    assert html.decode() == "&lt;a&lt; &lt;b&amp; c(12) x1 de"

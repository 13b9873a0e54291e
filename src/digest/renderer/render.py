"""A job's bytes: Jinja templates over a view and its bodies. Pure once it is set up."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from markupsafe import Markup
from msgspec import Struct

from digest.errors import Location, RenderError
from digest.renderer.escaping import PrintingGenerator, call_plainly, escape_printed
from digest.renderer.feed_views import FEED_VIEWS
from digest.renderer.feeds import render_feed
from digest.renderer.links import link_locally, name_pictures, show_assets
from digest.renderer.structured import describe_article
from digest.renderer.templates import CHROME, Theme
from digest.renderer.views import PAGE_VIEWS, ArticleView, NotFoundView, PageView, View
from digest.renderer.words import words_for

if TYPE_CHECKING:
    from digest.config import SiteConfig
    from digest.model import Body


LOADERS_LANGUAGE = "zh-Hans"
"""The language of the few words that stand in a body but are not the outlet's."""


class Site(Struct, frozen=True):
    """What templates know of the site itself."""

    title: str
    url: str
    base_path: str
    description: str
    language: str


class Chrome(Struct, frozen=True):
    """The parts that stand on every page of one depth, rendered."""

    head: Markup
    top: Markup
    name: Markup
    foot: Markup


def find_way(view: View, href: str) -> str:
    """The shortest way from a page to another, without the folders they share."""
    folder, above = view.href[: view.href.rfind("/") + 1], ""
    while not href.startswith(folder):
        folder, above = folder[: folder.rfind("/", 0, -1) + 1], above + "../"
    return above + href[len(folder) :]


class _Environment(Environment):
    code_generator_class = PrintingGenerator
    escape_printed = staticmethod(escape_printed)
    call_plainly = staticmethod(call_plainly)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain dict: Jinja copies it for each page, and its own layers take 10 µs to copy."""
        return {**self.globals, **(d or {})}


class Renderer:
    """Renders jobs of one site and theme. Templates are compiled once, the chrome rendered once
    for each depth of page."""

    def __init__(self, theme: Theme, config: SiteConfig) -> None:
        self._theme = theme
        self._config = config
        self._words = words_for(config.language)
        self._templates: dict[str, Template] = {}
        self._chrome: dict[str, Chrome] = {}

    def render(self, template: str, view: Struct, bodies: Mapping[str, Body]) -> bytes:
        """The file for one job. `bodies` holds at least those the job names.

        Raises `RenderError` naming template, line and page.
        """
        if template in FEED_VIEWS:
            return render_feed(template, view, bodies, self._config)
        if not isinstance(view, View):
            raise RenderError(f"no template {template!r} for a {type(view).__name__}")
        root = self._config.base_path if isinstance(view, NotFoundView) else "../" * view.href.count("/")
        try:
            chrome = self._chrome.get(root) or self._render_chrome(root)
            text = self._template(template).render(
                view=view, root=root, chrome=chrome, body=self._body(view, bodies, root)
            )
        except (TemplateError, RenderError) as error:
            raise self._explain(error, template, view.href) from error
        except Exception as error:
            if self._place(error) is None:
                raise
            raise self._explain(error, template, view.href) from error
        return text.encode("utf-8", "replace")

    def _body(self, view: View, bodies: Mapping[str, Body], root: str) -> Markup:
        """The running text of an article or a curator's page, its links made ready for this page."""
        if isinstance(view, ArticleView):
            html = bodies[view.body].html
            if view.local:
                html = link_locally(html, view.local, root, self._words.original)
            if self._config.language != LOADERS_LANGUAGE:
                html = name_pictures(html, self._words.picture)
            html = show_assets(html, view.assets, root)
        elif isinstance(view, PageView):
            html = view.html
        else:
            return Markup()
        # The loaders made this HTML from a closed set of tags; it was never a template.
        return Markup(html)  # noqa: S704

    def _render_chrome(self, root: str) -> Chrome:
        parts = (Markup(self._template(name).render(root=root)) for name in CHROME)  # noqa: S704 - escaped there
        chrome = self._chrome[root] = Chrome(*parts)
        return chrome

    def restyle(self, theme: Theme) -> None:
        """Takes the static files of another theme, whose templates are the same; all stays compiled."""
        self._theme = theme
        self._chrome.clear()

    def compile_templates(self) -> None:
        """Compiles every template of a page now rather than with its first page."""
        for name in (*PAGE_VIEWS, *CHROME):
            self._template(name)

    def _template(self, name: str) -> Template:
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self._environment.get_template(name)
        return template

    @cached_property
    def _environment(self) -> Environment:
        environment = _Environment(
            loader=FunctionLoader(self._source),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals.update(
            site=self._site,
            words=self._words,
            static=self._static,
            canonical=self._canonical,
            absolute=self._absolute,
            json_ld=describe_article,
            near=find_way,
        )
        return environment

    def _source(self, name: str) -> tuple[str, str, Any] | None:
        source = self._theme.sources.get(name)
        return (source[1], source[0], None) if source else None

    @cached_property
    def _site(self) -> Site:
        config = self._config
        return Site(config.title, config.url, config.base_path, config.description, config.language)

    def _static(self, name: str) -> str:
        """Where a static file stands, relative to the site's root."""
        try:
            return self._theme.static[name]
        except KeyError:
            raise RenderError(f"no static file {name!r}") from None

    def _absolute(self, href: str) -> str:
        """The absolute address of a page, or empty where the site's is not known."""
        return f"{self._config.url}/{href.removesuffix('index.html')}" if self._config.url else ""

    def _canonical(self, view: View) -> str:
        """The address by which a page wants to be known, or empty where there is none."""
        if self._config.canonical == "original" and isinstance(view, ArticleView) and view.link:
            return view.link
        return self._absolute(view.href)

    def _explain(self, error: Exception, template: str, href: str) -> RenderError:
        """The error as the author of the template needs it: which template, which line, which page."""
        page = f"/{href.removesuffix('index.html')}"
        if isinstance(error, TemplateNotFound):
            return RenderError(f"template {template}: there is no template {error.name!r}, on page {page}")
        if isinstance(error, TemplateSyntaxError):
            where = Location(error.filename or error.name or template, error.lineno)
            return RenderError(f"template {error.name or template}: {error.message}, on page {page}", where)
        name, where = self._place(error) or (template, Location(template))
        return RenderError(f"template {name}: {error}, on page {page}", where)

    def _place(self, error: Exception) -> tuple[str, Location] | None:
        """The innermost template line the error passed through."""
        files = {path: name for name, (path, _) in self._theme.sources.items()}
        found = None
        trace = error.__traceback__
        while trace is not None:
            path = trace.tb_frame.f_code.co_filename
            if path in files:
                found = files[path], Location(path, trace.tb_lineno)
            trace = trace.tb_next
        return found

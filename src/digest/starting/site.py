"""The files of a new site. Pure: the day and all names are arguments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

from msgspec import Struct

from digest import __version__
from digest.model import Lang
from digest.places import FILE_NAME
from digest.site_file import SiteFile
from digest.starting.files import NewFile, fill, toml_text

WORKFLOW = ".github/workflows/publish.yml"
_HOUSE = """
[sources.house]
name = "本站"
names = ["articles"] # whatever lies in content/articles is the site's own

# [sources.gazette]
# extends = "rfi" # where its pages are built like those of an outlet that is known
# name = "公报"
# domains = ["www.gazette.example"]"""
_REDIRECTS = """
# --- Old addresses -----------------------------------------------------------------------------
# The addresses that Jekyll gave the posts lead to their pages here.

[redirects]
jekyll = {template}
timezone = {timezone} # of Jekyll's clock
"""


class Settings(Struct, frozen=True, kw_only=True):
    """What `site.toml` is to say. `content` are folders relative to it; `ignore` are patterns besides
    those of the default; `sources` are the tables of outlets, in TOML; `permalinks` are Jekyll's
    template and time zone, where there was a Jekyll site."""

    title: str
    url: str = ""
    description: str = ""
    language: Lang = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    content: tuple[str, ...] = ("content",)
    ignore: tuple[str, ...] = ()
    sources: str = ""
    permalinks: tuple[str, str] | None = None


def site_file(settings: Settings) -> NewFile:
    """The `site.toml` that says so, with the other keys as comments."""
    folders = _list(settings.content)
    usual = SiteFile().ignore
    redirects = ""
    if settings.permalinks:
        template, zone = map(toml_text, settings.permalinks)
        redirects = _REDIRECTS.format(template=template, timezone=zone)
    values = {
        "title": toml_text(settings.title),
        "description": _line("description", settings.description, "中文新闻文摘"),
        "url": _line("url", settings.url, "https://example.org/digest/"),
        "language": toml_text(settings.language),
        "timezone": toml_text(settings.timezone),
        "content": f"content = {toml_text(settings.content[0]) if len(settings.content) == 1 else folders}",
        "ignore": f"{'' if settings.ignore else '# '}ignore = {_list((*usual, *settings.ignore))}",
        "sources": settings.sources,
        "redirects": redirects,
    }
    return NewFile(FILE_NAME, fill("site.toml", values).rstrip() + "\n")


def fresh_site(settings: Settings, now: datetime) -> tuple[NewFile, ...]:
    """A whole small site: configuration, an article of the site's own, a thread and a page about it.

    `now` is the article's time; it is aware.
    """
    own = Settings(
        title=settings.title,
        url=settings.url,
        description=settings.description,
        language=settings.language,
        timezone=settings.timezone,
        sources=_HOUSE,
    )
    return (
        site_file(own),
        ignore_file(),
        about_page(),
        NewFile("content/articles/welcome.md", fill("article.md", {"date": now.isoformat("T", "seconds")})),
        NewFile("content/threads/example.md", fill("thread.md")),
    )


def about_page() -> NewFile:
    """The page about the site."""
    return NewFile("content/pages/about.md", fill("about.md"))


def ignore_file(output: str = "public") -> NewFile:
    """What Git is to leave out."""
    return NewFile(".gitignore", fill("gitignore", {"output": output}))


def workflow_file(branch: str, title: str, output: str = "public") -> NewFile:
    """The workflow that publishes the site, for GitHub Actions.

    The minute of its hourly run is made from the title, so that not all sites run in the same one.
    """
    minute = 5 + blake2b(title.encode(), digest_size=1).digest()[0] % 50
    series = ".".join(__version__.split(".")[:2])
    values = {
        "branch": toml_text(branch),  # which YAML reads alike
        "minute": str(minute),
        "series": series,
        "version": __version__,
        "output": output,
    }
    return NewFile(WORKFLOW, fill("publish.yml", values))


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(map(toml_text, items))}]"


def _line(key: str, value: str, example: str) -> str:
    return f"{key} = {toml_text(value)}" if value else f"# {key} = {toml_text(example)}"

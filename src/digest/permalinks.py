"""Where Jekyll published a post: from its path and front matter to its old address.

The rules are those of Jekyll 4 (https://jekyllrb.com/docs/permalinks/; `Jekyll::Document`,
`Jekyll::Drops::UrlDrop`, `Jekyll::URL` and `Jekyll::Utils.slugify`), which for posts are those of 3.
Pure: `old_address` may be called for each article as it is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

STYLES = {
    "pretty": "/:categories/:year/:month/:day/:title/",
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
"""Jekyll's styles by name; anything else is a template itself."""

_NAME = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-([^/]*)\.[^./]+\Z")
_POSTS = re.compile(r"_posts(?:/.*)?\Z", re.S)
_KEY = re.compile(r":([a-z_]+)")
_CLOCK = re.compile(r"\d:\d\d:\d\d")
_SAFE = "/!$&'()*+,;=:@-._~"
_PRETTY = frozenset("._~!$&'()+,;=@")
_LONGEST = 255
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


class Permalinks(NamedTuple):
    """How the old site made its addresses: Jekyll's `permalink` (a style or a template) and its
    `timezone`, by IANA name (GitHub's machines, where none is set, are in UTC)."""

    template: str = "date"
    timezone: str = "UTC"


class _Post(NamedTuple):
    """What a template's keys are made of."""

    slug: str
    name: str
    path: str
    categories: tuple[str, ...]
    day: datetime


def is_no_permalink(value: str) -> str:
    """What is wrong with a template, as a phrase; empty for one that Jekyll knows."""
    if value in STYLES:
        return ""
    unknown = [name for name in _KEY.findall(value) if not {name, name.removesuffix("_")} & _KEYS.keys()]
    if unknown:
        return f"has an unknown key :{unknown[0]} (expected Jekyll's, such as :year, :title, :categories)"
    return "" if value.startswith("/") else f"is no permalink (expected a template or {', '.join(STYLES)})"


def old_address(path: str, front: Mapping[str, Any], rules: Permalinks) -> str:
    """The decoded address of the file that Jekyll wrote for a post: `/news/2020/07/01/标题.html`, or a
    folder's, `/2020/07/01/标题/`. Empty for what is no post (a name without a date, `published: false`),
    and for an address that no file can have.

    `path` is the file's, relative to the Jekyll site or to `_posts` itself. `rules.template` must be one
    that `is_no_permalink` finds nothing wrong with.
    """
    from digest.text.dates import zone  # noqa: PLC0415 - what only asks for the rules needs none

    found = _NAME.search(path)
    if not found or front.get("published") is False:
        return ""
    day = _date_of(front.get("date"), found[1], zone(rules.timezone))
    if day is None:
        return ""
    name = found[2].rstrip(".")
    slug = _text(front.get("slug")) or name
    stem = PurePosixPath(path).stem
    post = _Post(slug, stem, _below_posts(path), _categories(path, front), day)
    own = _text(front.get("permalink"))
    # A scraper's `permalink` is where it found the article.
    template = own if own and "://" not in own else STYLES.get(rules.template, rules.template)
    return _file_address(_KEY.sub(lambda match: _fill(match, post), template))


def slugify(text: str, *, pretty: bool = False) -> str:
    """Jekyll's slug: every run of what is no letter, mark or digit, in any script, is one hyphen.

    `pretty` also keeps `._~!$&'()+,;=@`, and the letters' case.
    """
    kept = "".join(c if _stays(c, pretty=pretty) else " " for c in text)
    slug = "-".join(kept.split())
    return slug if pretty else slug.lower()


def _stays(char: str, *, pretty: bool) -> bool:
    kind = unicodedata.category(char)
    return kind[0] in "LM" or kind == "Nd" or (pretty and char in _PRETTY)


def _fill(match: re.Match[str], post: _Post) -> str:
    name = match[1]
    if name not in _KEYS and name.removesuffix("_") in _KEYS:
        return _escape(_KEYS[name.removesuffix("_")](post)) + "_"
    return _escape(_KEYS[name](post)) if name in _KEYS else match[0]


def _escape(value: str) -> str:
    return quote(value, safe=_SAFE)


def _file_address(url: str) -> str:
    """An address made safe as Jekyll does, decoded, with the suffix of the file behind it; a folder's for
    its `index.html`."""
    sound = re.sub("/{2,}", "/", f"/{url}".replace("..", "/").replace("./", ""))
    place = unquote(sound)
    if not place.endswith(("/", ".html")):
        place += ".html"
    if place.endswith("/index.html"):
        place = place.removesuffix("index.html")
    *folders, name = place[1:].split("/")
    parts = [*folders, name] if name or not folders else folders
    # Where a file may lie, there can be no folder.
    clear = not any(folder.endswith(".html") for folder in folders)
    return place if clear and all(map(_is_name, parts)) else ""


def _is_name(part: str) -> bool:
    """Whether a file or folder may be called so; an escape in a permalink may have hidden that not."""
    return (
        part not in ("", ".", "..") and "\0" not in part and len(part.encode("utf-8", "replace")) <= _LONGEST
    )


def _below_posts(path: str) -> str:
    inside = path.partition("_posts/")[2] or path
    return "/" + inside.rpartition(".")[0].rstrip(".")


def _categories(path: str, front: Mapping[str, Any]) -> tuple[str, ...]:
    """Folders above `_posts`, then `categories` (a list, or words), then `category` (one name)."""
    above = _POSTS.sub("", path) if _POSTS.search(path) else ""
    several, single = front.get("categories"), front.get("category")
    if isinstance(several, str):
        several = several.split()
    listed = several if isinstance(several, list | tuple) else [several]
    named = single if isinstance(single, list | tuple) else [single]
    found = [part for part in above.split("/") if part]
    found += [_text(item) for item in (*listed, *named) if _text(item)]
    return tuple(dict.fromkeys(found))


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, bool | dict | list) else str(value).strip()


def _date_of(value: object, name: str, where: tzinfo) -> datetime | None:
    """The post's date on the old site's clock: the front matter's, else that of the file's name.

    YAML takes a time without a zone for UTC, and so does Jekyll; one without seconds is no time in YAML,
    and Ruby reads it by the local clock.
    """
    from digest.text.dates import parse_date  # noqa: PLC0415

    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(where)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=where)
    if isinstance(value, str) and value.strip():
        local = "UTC" if _CLOCK.search(value) else _name(where)
        moment = parse_date(value, "iso", local) or parse_date(value, "rfc822", local)
        if moment is not None:
            return moment.at.astimezone(where)
    year, month, day = (int(number) for number in name.split("-"))
    try:
        return datetime(year + (2000 if year < 100 else 0), month, day, tzinfo=where)
    except ValueError:
        return None


def _name(where: tzinfo) -> str:
    return str(where) if where is not UTC else "UTC"


_KEYS: dict[str, Callable[[_Post], str]] = {
    "year": lambda p: f"{p.day.year:04}",
    "short_year": lambda p: f"{p.day.year % 100:02}",
    "month": lambda p: f"{p.day.month:02}",
    "i_month": lambda p: str(p.day.month),
    "short_month": lambda p: _MONTHS[p.day.month - 1][:3],
    "long_month": lambda p: _MONTHS[p.day.month - 1],
    "day": lambda p: f"{p.day.day:02}",
    "i_day": lambda p: str(p.day.day),
    "y_day": lambda p: f"{p.day.timetuple().tm_yday:03}",
    "w_year": lambda p: str(p.day.isocalendar().year),
    "week": lambda p: f"{p.day.isocalendar().week:02}",
    "w_day": lambda p: str(p.day.isoweekday()),
    "short_day": lambda p: _DAYS[p.day.weekday()][:3],
    "long_day": lambda p: _DAYS[p.day.weekday()],
    "hour": lambda p: f"{p.day.hour:02}",
    "minute": lambda p: f"{p.day.minute:02}",
    "second": lambda p: f"{p.day.second:02}",
    "title": lambda p: slugify(p.slug, pretty=True),
    "slug": lambda p: slugify(p.slug),
    "name": lambda p: slugify(p.name),
    "categories": lambda p: "/".join(dict.fromkeys(c.lower() for c in p.categories)),
    "slugified_categories": lambda p: "/".join(dict.fromkeys(map(slugify, p.categories))),
    "collection": lambda _: "posts",
    "path": lambda p: p.path,
    "output_ext": lambda _: ".html",
}

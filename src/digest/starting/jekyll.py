"""A Jekyll site's `_config.yml`: what a `site.toml` can take from it."""

from __future__ import annotations

from typing import Any

import yaml
from msgspec import Struct

from digest.model import Lang
from digest.permalinks import is_no_permalink
from digest.sources.checks import is_no_url, is_no_zone

NAMES = ("_config.yml", "_config.yaml")
_LANGUAGES: dict[str, Lang] = {
    "zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans": "zh-Hans",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-hant": "zh-Hant", "en": "en",
}  # fmt: skip


class JekyllSite(Struct, frozen=True, kw_only=True):
    """What the configuration says, empty where it says nothing that can be used. `permalink` is a
    style's name or a template; `notes` tell in a sentence each what could not be taken over."""

    title: str = ""
    url: str = ""
    description: str = ""
    language: Lang | None = None
    timezone: str = ""
    permalink: str = "date"
    notes: tuple[str, ...] = ()


def read_jekyll(text: str) -> JekyllSite:
    """The site a `_config.yml` describes; broken YAML describes none, and is noted."""
    try:
        table = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        return JekyllSite(notes=(f"_config.yml is not valid YAML{where}; nothing was taken from it",))
    if not isinstance(table, dict):
        return JekyllSite()
    notes: list[str] = []
    zone, permalink = _word(table.get("timezone")), _permalink(table)
    if zone and is_no_zone(zone):
        notes.append(f"timezone {zone!r} of _config.yml {is_no_zone(zone)}; left out")
        zone = ""
    if wrong := is_no_permalink(permalink):
        notes.append(f"permalink {permalink!r} of _config.yml {wrong}; taken for 'date'")
        permalink = "date"
    names = [name for name in _table(table.get("collections")) if name != "posts"]
    if names:
        notes.append(f"collections are not taken over: {', '.join(map(str, names))}")
    return JekyllSite(
        title=_word(table.get("title")) or _word(table.get("name")),
        url=_address(table),
        description=_word(table.get("description")),
        language=_language(table),
        timezone=zone,
        permalink=permalink,
        notes=tuple(notes),
    )


def _permalink(table: dict[str, Any]) -> str:
    """That of the posts' collection, else of the defaults for posts, else of the site."""
    own = _table(_table(table.get("collections")).get("posts")).get("permalink")
    if own:
        return _template(own)
    defaults = table.get("defaults")
    for entry in defaults if isinstance(defaults, list) else []:
        scope, values = _table(_table(entry).get("scope")), _table(_table(entry).get("values"))
        if not scope.get("path") and scope.get("type", "posts") == "posts" and values.get("permalink"):
            return _template(values["permalink"])
    return _template(table.get("permalink")) or "date"


def _template(value: object) -> str:
    text = _word(value)
    return f"/{text}" if text.startswith(":") else text


def _address(table: dict[str, Any]) -> str:
    url, base = _word(table.get("url")).rstrip("/"), _word(table.get("baseurl")).strip("/")
    if not url or is_no_url(url):
        return ""
    return f"{url}/{base}" if base else url


def _language(table: dict[str, Any]) -> Lang | None:
    name = _word(table.get("lang")) or _word(table.get("locale")) or _word(table.get("language"))
    folded = name.lower().replace("_", "-")
    return _LANGUAGES.get(folded) or _LANGUAGES.get(folded.partition("-")[0])


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    return "" if value is None or isinstance(value, bool | dict | list) else " ".join(str(value).split())

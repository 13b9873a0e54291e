"""What the values of a profile must satisfy beyond their types.

Tables for `schema.check`: by (type, field) a phrase that says what is wrong with a value,
or the empty string; by type, what is wrong with a table as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args
from zoneinfo import ZoneInfo, available_timezones

from digest.model import Lang
from digest.sources.profile import (
    AuthorRule,
    CaptionRule,
    DateRule,
    HeroRule,
    Profile,
    Shift,
    StripRule,
    TitleRule,
    UrlRule,
)

_URL = re.compile(r"https?://[^\s/?#@:]+(?::\d{1,5})?(?:[/?#]\S*)?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DOMAIN = re.compile(r"[^\s/:.]+(?:\.[^\s/:.]+)+")
_HOOK = re.compile(r"[^:\s][^:]*\.py:[^\W\d]\w*")
_FINDERS = ("css", "block", "after", "start", "end", "inline")


def is_no_url(value: str) -> str:
    """Anything but an absolute http(s) address."""
    return "" if _URL.fullmatch(value) else "is not an absolute address (expected https://…)"


def is_no_slug(value: str) -> str:
    """Anything that cannot stand in an address as it is."""
    return "" if _SLUG.fullmatch(value) else "is not a slug (expected a-z, 0-9 and single hyphens)"


def is_no_zone(value: str) -> str:
    """A zone the database of time zones does not know."""
    try:
        if value:
            ZoneInfo(value)
            return ""
    except (OSError, KeyError, ValueError):
        pass
    # The zone of Beijing is filed under Shanghai, which many do not know.
    aliases = {"Asia/Beijing": "Asia/Shanghai", "Asia/Peking": "Asia/Shanghai"}
    known = {name.lower(): name for name in sorted(available_timezones())}
    known |= {name.lower(): zone for name, zone in aliases.items()}
    near = get_close_matches(value.lower(), known, n=1, cutoff=0.6)
    hint = f"; did you mean {known[near[0]]!r}?" if near else " (expected a name such as 'Asia/Shanghai')"
    return f"is not a known zone{hint}"


def is_no_regex(value: str) -> str:
    """A regular expression that does not compile."""
    try:
        re.compile(value, re.S)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is not a regular expression ({error})"
    return ""


def is_no_selector(value: str) -> str:
    """A CSS selector the HTML parser does not take."""
    if not value:
        return ""
    select = _selector_engine()
    try:
        select(value)
    except Exception as error:  # noqa: BLE001 - the parser's type of error is not public
        return f"is not a CSS selector ({str(error).rstrip('.')})"
    return ""


@cache
def _selector_engine() -> Callable[[str], object]:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - costs a no-op build its start-up

    return LexborHTMLParser("<p>").css


def _is_no_moment(value: str) -> str:
    try:
        aware = not value or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        aware = False
    return "" if aware else "is not a moment (expected the form 2020-08-01T00:00:00Z)"


def _is_no_domain(value: str) -> str:
    return "" if _DOMAIN.fullmatch(value) else "is not a domain (expected the form www.example.org)"


def _is_no_format(value: str) -> str:
    if value in ("iso", "rfc822", "roc") or "%" in value:
        return ""
    return "is not a date format (expected iso, rfc822, roc or a pattern such as '%d/%m/%Y - %H:%M')"


def _is_no_hook(value: str) -> str:
    if not value or _HOOK.fullmatch(value):
        return ""
    return "is not a hook (expected the form 'hooks/outlet.py:function')"


def _is_no_replacement(pair: list[str]) -> str:
    trouble = is_no_regex(pair[0])
    if trouble:
        return trouble
    try:
        re.sub(pair[0], pair[1], "")
    except (re.error, IndexError) as error:
        return f"has no usable replacement ({error})"
    return ""


def _is_no_language(value: str) -> str:
    known = get_args(Lang)
    return "" if value in ("", *known) else f"is not a language (expected one of {', '.join(known)})"


def _or_empty(check: Callable[[str], str]) -> Callable[[str], str]:
    return lambda value: check(value) if value else ""


def _strip_faults(table: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    used = [name for name in _FINDERS if table.get(name)]
    if len(used) != 1:
        names = " and ".join(used) or "none"
        yield "", f"needs exactly one of {', '.join(_FINDERS)} (found {names})"
    if "where" in table and "block" not in table:
        yield "where", "goes with `block` only"
    for name in ("unless_css", "links_only"):
        if name in table and "css" not in table:
            yield name, "goes with `css` only"


def _date_faults(table: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    used = [name for name in ("css", "opening", "url") if table.get(name)]
    if len(used) != 1:
        yield "", f"needs exactly one of css, opening, url (found {' and '.join(used) or 'none'})"


_SELECTORS = (
    (DateRule, "css"), (StripRule, "css"), (StripRule, "unless_css"), (AuthorRule, "css"),
    (HeroRule, "css"), (HeroRule, "caption"), (HeroRule, "credit"), (CaptionRule, "css"),
    (CaptionRule, "credit_css"), (Profile, "lead"), (Profile, "related"), (Profile, "tags"),
    (Profile, "embeds"), (Profile, "drop_caps"),
)  # fmt: skip
_REGEXES = (
    (DateRule, "match"), (DateRule, "opening"), (DateRule, "url"), (StripRule, "block"),
    (StripRule, "after"), (StripRule, "start"), (StripRule, "end"), (StripRule, "inline"),
    (AuthorRule, "block"), (AuthorRule, "opening"), (AuthorRule, "closing"), (AuthorRule, "split"),
    (AuthorRule, "drop"), (AuthorRule, "match"), (CaptionRule, "credit"), (TitleRule, "strip"),
    (TitleRule, "prefix"),
    (TitleRule, "suffix"), (UrlRule, "key"), (UrlRule, "section"), (Profile, "placeholders"),
    (Profile, "truncated"),
)  # fmt: skip

VALUES: dict[tuple[type, str], Callable[[Any], str]] = {
    **dict.fromkeys(_SELECTORS, is_no_selector),
    **dict.fromkeys(_REGEXES, is_no_regex),
    (UrlRule, "replace"): _is_no_replacement,
    (DateRule, "format"): _is_no_format,
    (DateRule, "zone"): _or_empty(is_no_zone),
    (Shift, "before"): _is_no_moment,
    (Shift, "since"): _is_no_moment,
    (Profile, "slug"): is_no_slug,
    (Profile, "homepage"): _or_empty(is_no_url),
    (Profile, "domains"): _is_no_domain,
    (Profile, "timezone"): is_no_zone,
    (Profile, "hook"): _is_no_hook,
    (Profile, "language"): _is_no_language,
}

TABLES: dict[type, Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]] = {
    StripRule: _strip_faults,
    DateRule: _date_faults,
}

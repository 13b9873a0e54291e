"""`site.toml` as it is written: its keys, their defaults, and what their values must satisfy.

The types are the schema: `docs/pages/configuration.md` describes each key, and a test compares the
two. Nothing here touches the disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from digest.errors import Problem
from digest.model import Lang
from digest.permalinks import is_no_permalink
from digest.schema import Checks, Fault, check, dotted, shown, suggest
from digest.sources import checks
from digest.sources.profile import Profile
from digest.toml_lines import Key, Lines, parse

_FINDINGS = re.compile(r"[a-z]+(?:-[a-z]+)*(?::.*\S.*)?", re.S)
_AUTHORITY = re.compile(r"(?:[\w.+-]+@)?[^\W_][\w-]*(?:\.[\w-]+)+(?:,\d{4}(?:-\d\d){0,2})?")
_DOMAIN = re.compile(r"[^\W_][\w-]*(?:\.[\w-]+)+")
_BRANCH = re.compile(r"[\w.+@=-]*[\w][\w./+@=-]*")


class TopicRule(Struct, frozen=True, kw_only=True):
    """One topic of the vocabulary: words of the text, outlets' own sections, regexes on the URL."""

    slug: str
    name: str
    words: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class Feeds(Struct, frozen=True, kw_only=True):
    """The table `[feeds]`."""

    items: int = 20
    authority: str = ""


class Threads(Struct, frozen=True, kw_only=True):
    """The table `[threads]`."""

    automatic: bool = True


class Lists(Struct, frozen=True, kw_only=True):
    """The table `[lists]`."""

    page_size: int = 50
    tag_minimum: int = 3
    home_days: int = 3


class Publish(Struct, frozen=True, kw_only=True):
    """The table `[publish]`."""

    remote: str = "origin"
    branch: str = "gh-pages"
    cname: bool | str = True
    flat: bool = False


class Check(Struct, frozen=True, kw_only=True):
    """The table `[check]`."""

    ignore: tuple[str, ...] = ()


class Redirects(Struct, frozen=True, kw_only=True):
    """The table `[redirects]`: where an older site had the articles."""

    jekyll: str = ""
    timezone: str = "UTC"


class SiteFile(Struct, frozen=True, kw_only=True):
    """The top level. `[topics]` holds the switch `defaults` besides the topics."""

    title: str = ""
    url: str = ""
    description: str = ""
    language: Lang = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    content: str | tuple[str, ...] = "content"
    output: str = "public"
    templates: str = "templates"
    static: str = "static"
    ignore: tuple[str, ...] = ("README*", "drafts/**", "_drafts/**")
    canonical: Literal["self", "original"] = "self"
    feeds: Feeds = Feeds()
    threads: Threads = Threads()
    lists: Lists = Lists()
    publish: Publish = Publish()
    check: Check = Check()
    redirects: Redirects = Redirects()
    topics: dict[str, bool | TopicRule] = {}
    sources: dict[str, Profile] = {}


class Written(NamedTuple):
    """What a `site.toml` says. Values at fault are left out, so that the rest can be judged.

    `sources` holds the `[sources.<slug>]` tables as parsed, each with its `slug`; `keys` are
    the top-level keys that are given; `line_of` gives the line of a key, 0 if it has none.
    """

    site: SiteFile = SiteFile()
    default_topics: bool = True
    topics: tuple[TopicRule, ...] = ()
    sources: Mapping[str, dict[str, Any]] = MappingProxyType({})
    keys: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    line_of: Callable[[Key], int] = lambda _: 0


def read_site_file(data: bytes, path: str, builtin: Collection[str]) -> Written:
    """The contents of a `site.toml` with all its problems. `path` is how the file is shown,
    `builtin` are the slugs of the outlets that can be extended."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Written(problems=(Problem("syntax", "not UTF-8 text (expected UTF-8)", path, line),))
    table, errors, sound_text = parse(text)
    keys = frozenset(table)
    topics, sources = table.pop("topics", {}), table.pop("sources", {})
    faults = [_place(fault) for fault in check(table, SiteFile, CHECKS)]
    at_fault = {fault.key[0] for fault in faults}
    use_defaults, rules = _read_topics(topics, faults)
    outlets = _read_sources(sources, builtin, faults)
    lines: list[Lines] = []

    def line_of(key: Key) -> int:
        if not lines:  # the text is walked for its lines only when there is something to tell
            lines.append(Lines(sound_text))
        return lines[0].of(key)

    problems = [Problem("syntax", error.message, path, error.line) for error in errors]
    problems += [Problem(fault.code, fault.message, path, line_of(fault.key)) for fault in faults]
    site = msgspec.convert({k: v for k, v in table.items() if k not in at_fault}, SiteFile)
    return Written(site, use_defaults, rules, outlets, keys, tuple(problems), line_of)


def _read_topics(table: object, faults: list[Fault]) -> tuple[bool, tuple[TopicRule, ...]]:
    if not isinstance(table, dict):
        faults.append(_no_table(("topics",), table, "[topics.<slug>]"))
        return True, ()
    use_defaults = table.pop("defaults", True)
    if not isinstance(use_defaults, bool):
        message = f"topics.defaults is {shown(use_defaults)} (expected true or false)"
        faults.append(Fault(("topics", "defaults"), "wrong-type", message))
    rules = []
    for slug, value in table.items():
        key = ("topics", slug)
        if not isinstance(value, dict):
            faults.append(_no_table(key, value, f"[topics.{slug}]; the only other key here is 'defaults'"))
            continue
        found = _check_entry(value | {"slug": slug}, value, TopicRule, key)
        faults.extend(found)
        if not found:
            rules.append(msgspec.convert(value | {"slug": slug}, TopicRule))
    return use_defaults is not False, tuple(rules)


def _read_sources(table: object, builtin: Collection[str], faults: list[Fault]) -> dict[str, dict[str, Any]]:
    if not isinstance(table, dict):
        faults.append(_no_table(("sources",), table, "[sources.<slug>]"))
        return {}
    outlets: dict[str, dict[str, Any]] = {}
    for slug, value in table.items():
        key = ("sources", slug)
        if not isinstance(value, dict):
            faults.append(_no_table(key, value, f"[sources.{slug}]"))
            continue
        found = _check_entry(value | {"slug": slug}, value, Profile, key, partial=True)
        if "name" not in value and (slug not in builtin or value.get("extends", slug) != slug):
            found.append(Fault(key, "missing-key", f"{dotted(key)}.name is missing (expected a string)"))
        known = [s for s in (*sorted(builtin), *outlets) if s != slug or slug in builtin]
        parent = value.get("extends", "")
        if isinstance(parent, str) and parent and parent not in known:
            phrase = f"is not a known outlet{suggest(parent, known) or ' (expected a slug such as rfi)'}"
            found.append(Fault((*key, "extends"), "bad-value", f"{dotted(key)}.extends {parent!r} {phrase}"))
        faults.extend(found)
        if not found:
            outlets[slug] = value | {"slug": slug}
    return outlets


def _check_entry(
    table: dict[str, Any], given: Mapping[str, Any], kind: type[Struct], key: Key, *, partial: bool = False
) -> list[Fault]:
    found = list(check(table, kind, CHECKS, at=key, partial=partial))
    if given.get("slug", key[-1]) != key[-1]:
        message = f"{dotted(key)}.slug {shown(given['slug'])} is not the slug in the header"
        found.append(Fault((*key, "slug"), "bad-value", message))
    return found


def _no_table(key: Key, value: object, expected: str) -> Fault:
    return Fault(key, "wrong-type", f"{dotted(key)} is {shown(value)} (expected a table {expected})")


_HOMES: tuple[tuple[type[Struct], str], ...] = (
    (Feeds, "under [feeds]"),
    (Threads, "under [threads]"),
    (Lists, "under [lists]"),
    (Check, "under [check]"),
    (Publish, "under [publish]"),
    (SiteFile, "above the first [table]"),
    (Redirects, "under [redirects]"),
)


def _place(fault: Fault) -> Fault:
    """Says of an unknown key where it is known: TOML's tables run on to the next header."""
    name = fault.key[-1]
    if fault.code != "unknown-key" or not isinstance(name, str):
        return fault
    for kind, where in _HOMES:
        if name in kind.__struct_fields__:
            return fault._replace(message=f"{dotted(fault.key)!r} is not a key here; {name!r} stands {where}")
    return fault


def is_no_site_url(value: str) -> str:
    """What is wrong with the address of a site, as a phrase; empty for a good one, or none."""
    if value and ("?" in value or "#" in value):
        return "holds more than an address and a path (expected the form https://example.org/digest/)"
    return checks.is_no_url(value) if value else ""


def _is_no_authority(value: str) -> str:
    if not value or _AUTHORITY.fullmatch(value):
        return ""
    return "is not a domain or mail address (expected the form example.org or example.org,2023)"


def _is_no_domain(value: bool | str) -> str:  # noqa: FBT001 - the key's own type
    if isinstance(value, bool) or _DOMAIN.fullmatch(value):
        return ""
    return "is not a domain (expected the form example.org, or true or false)"


def _is_no_branch(value: str) -> str:
    if _BRANCH.fullmatch(value) and ".." not in value and not value.endswith((".lock", ".", "/")):
        return ""
    return "is no name for a branch (expected one such as gh-pages)"


def _is_empty(value: str) -> str:
    return "" if value.strip() else "is empty (expected text)"


def _is_no_folder_name(value: str) -> str:
    return "" if value.strip() and "\0" not in value else "is empty (expected a folder)"


def _is_no_glob(value: str) -> str:
    if value.strip() and not value.startswith(("/", "./", "../")):
        return ""
    return "matches nothing (expected a pattern relative to the content folder, such as 'drafts/**')"


def _is_no_finding(value: str) -> str:
    if _FINDINGS.fullmatch(value.strip()):
        return ""
    return "names no findings (expected a code such as 'outlet-silent', or 'outlet-silent:seine')"


def _is_less_than_one(value: int) -> str:
    return "" if value >= 1 else "is too small (expected 1 or more)"


def _topic_faults(table: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if not any(table.get(name) for name in ("words", "sections", "urls")):
        yield "", "matches nothing (expected words, sections or urls)"


CHECKS = Checks(
    values=checks.VALUES
    | {
        (SiteFile, "url"): is_no_site_url,
        (SiteFile, "timezone"): checks.is_no_zone,
        (SiteFile, "content"): _is_no_folder_name,
        (SiteFile, "output"): _is_no_folder_name,
        (SiteFile, "templates"): _is_no_folder_name,
        (SiteFile, "static"): _is_no_folder_name,
        (SiteFile, "ignore"): _is_no_glob,
        (Feeds, "items"): _is_less_than_one,
        (Feeds, "authority"): _is_no_authority,
        (Lists, "page_size"): _is_less_than_one,
        (Lists, "tag_minimum"): _is_less_than_one,
        (Lists, "home_days"): _is_less_than_one,
        (Publish, "remote"): _is_empty,
        (Publish, "branch"): _is_no_branch,
        (Publish, "cname"): _is_no_domain,
        (Check, "ignore"): _is_no_finding,
        (Redirects, "jekyll"): lambda value: is_no_permalink(value) if value else "",
        (Redirects, "timezone"): checks.is_no_zone,
        (TopicRule, "slug"): checks.is_no_slug,
        (TopicRule, "name"): _is_empty,
        (TopicRule, "words"): _is_empty,
        (TopicRule, "sections"): _is_empty,
        (TopicRule, "urls"): checks.is_no_regex,
    },
    tables=checks.TABLES | {TopicRule: _topic_faults},
)

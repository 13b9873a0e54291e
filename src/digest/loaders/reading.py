"""A profile compiled for reading: selectors and regexes, made once per process."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from digest.loaders.outline import Plan
from digest.loaders.selectors import Selectors, matches, select
from digest.sources.profile import AuthorRule, DateRule, Profile, StripRule

_FLAGS = re.S
_LIST_MARKS = re.compile(r"[\s·•/、,|]+")


class StripCss:
    """A strip rule that finds elements."""

    __slots__ = ("code", "links_only", "number", "unless")

    def __init__(self, code: str, number: int, rule: StripRule) -> None:
        self.code = code
        self.number = number
        self.unless = rule.unless_css
        self.links_only = rule.links_only

    def holds(self, node: LexborNode) -> bool:
        """Whether the rule's further conditions hold for an element its selector found."""
        if self.unless and matches(node, self.unless):
            return False
        return not self.links_only or _only_links(node)


class StripText:
    """A strip rule that finds text."""

    __slots__ = ("kind", "pattern", "rule", "search", "where")

    def __init__(self, rule: StripRule) -> None:
        self.kind = next(k for k in ("block", "after", "start", "end", "inline") if getattr(rule, k))
        self.pattern = re.compile(getattr(rule, self.kind), _FLAGS)
        self.search = self.pattern.match if is_anchored(self.pattern.pattern) else self.pattern.search
        self.rule = rule.rule
        self.where = rule.where


class DateFinder:
    """A date rule."""

    __slots__ = ("match", "number", "opening", "rule", "url", "zone")

    def __init__(self, number: int, rule: DateRule, zone: str) -> None:
        self.number = number
        self.rule = rule
        self.match = _pattern(rule.match)
        self.opening = _pattern(rule.opening)
        self.url = _pattern(rule.url)
        self.zone = rule.zone or zone


class AuthorFinder:
    """An author rule."""

    __slots__ = ("block", "closing", "drop", "match", "number", "opening", "rule", "split")

    def __init__(self, number: int, rule: AuthorRule) -> None:
        self.number = number
        self.rule = rule
        self.block = _pattern(rule.block)
        self.opening = _pattern(rule.opening)
        self.closing = _pattern(rule.closing)
        self.match = _pattern(rule.match)
        self.split = _pattern(rule.split)
        self.drop = _pattern(rule.drop)


class Reading:
    """One profile, compiled."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.rules = tuple(rule.rule for rule in profile.strip)
        self.plan = Plan(self.rules, profile.paragraphs == "breaks", profile.empty_links)
        css = self.css = Selectors()
        strips = [(i, rule) for i, rule in enumerate(profile.strip) if rule.css]
        self.strip_css = tuple(StripCss(f"s{i}", css.add(rule.css), rule) for i, rule in strips)
        self.plain_strips = tuple(rule for rule in self.strip_css if not rule.unless and not rule.links_only)
        self.other_strips = tuple(rule for rule in self.strip_css if rule.unless or rule.links_only)
        texts = tuple(StripText(rule) for rule in profile.strip if not rule.css)
        self.strip_blocks = tuple(r for r in texts if r.kind in ("block", "after"))
        self.strip_parts = tuple(r for r in texts if r.kind not in ("block", "after"))
        self.dates = tuple(DateFinder(i, rule, profile.timezone) for i, rule in enumerate(profile.dates, 1))
        self.authors = tuple(AuthorFinder(i, rule) for i, rule in enumerate(profile.authors, 1))
        self.css_dates = tuple((date, css.add(date.rule.css)) for date in self.dates if date.rule.css)
        self.css_authors = tuple(
            (author, css.add(author.rule.css)) for author in self.authors if author.rule.css
        )
        self.lead = css.add(*profile.lead)
        self.related = css.add(*profile.related)
        self.tags = css.add(*profile.tags)
        hero, caption = profile.hero, profile.caption
        self.marks = (
            (css.add(*profile.embeds), "e"),
            (css.add(profile.drop_caps), "l"),
            (css.add(hero.css), "h"),
        )
        self.labels = (
            (css.add(*caption.css), "c"),
            (css.add(*caption.credit_css), "k"),
            (css.add(hero.caption), "C"),
            (css.add(hero.credit), "K"),
        )
        self.credit = _pattern(profile.caption.credit)
        self.placeholders = tuple(re.compile(p, _FLAGS) for p in profile.placeholders)
        self.title_strip = tuple(re.compile(p, _FLAGS) for p in profile.title.strip)
        self.title_prefix = _pattern(profile.title.prefix)
        self.title_suffix = _pattern(profile.title.suffix)
        self.truncated = _pattern(profile.truncated)


def _only_links(node: LexborNode) -> bool:
    """All words of an element stand in links, marks of lists aside."""
    words = node.text(deep=True) or ""
    linked = "".join(a.text(deep=True) or "" for a in select(node, "a"))
    return bool(words.strip()) and _LIST_MARKS.sub("", words) == _LIST_MARKS.sub("", linked)


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, _FLAGS)


def _pattern(pattern: str) -> re.Pattern[str] | None:
    return _compile(pattern) if pattern else None


def is_anchored(pattern: str) -> bool:
    """Whether every alternative begins at the start of the text.

    `search` would then try each place of the text in vain, which is most of the time a rule on
    blocks takes; `match` tries one.
    """
    depth = start = 0
    parts: list[str] = []
    skip = in_set = False
    for i, char in enumerate(pattern):
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif in_set:
            in_set = char != "]" or pattern[i - 1] == "["
        elif char == "[":
            in_set = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "|" and depth == 0:
            parts.append(pattern[start:])
            start = i + 1
    parts.append(pattern[start:])
    return all(part.startswith(("^", r"\A")) for part in parts)

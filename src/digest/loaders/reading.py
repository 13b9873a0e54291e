"""A profile compiled for reading: selectors and regexes, made once per process."""

from __future__ import annotations

import re
from functools import lru_cache

from digest.loaders.outline import Plan
from digest.loaders.selectors import Selector
from digest.sources.profile import AuthorRule, DateRule, Profile, StripRule

_FLAGS = re.S


class StripCss:
    """A strip rule that finds elements."""

    __slots__ = ("code", "links_only", "selector", "unless")

    def __init__(self, code: str, rule: StripRule) -> None:
        self.code = code
        self.selector = Selector((rule.css,))
        self.unless = rule.unless_css
        self.links_only = rule.links_only


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

    __slots__ = ("match", "number", "opening", "rule", "selector", "url", "zone")

    def __init__(self, number: int, rule: DateRule, zone: str) -> None:
        self.number = number
        self.rule = rule
        self.selector = Selector((rule.css,)) if rule.css else None
        self.match = _pattern(rule.match)
        self.opening = _pattern(rule.opening)
        self.url = _pattern(rule.url)
        self.zone = rule.zone or zone


class AuthorFinder:
    """An author rule."""

    __slots__ = ("block", "closing", "drop", "match", "number", "opening", "rule", "selector", "split")

    def __init__(self, number: int, rule: AuthorRule) -> None:
        self.number = number
        self.rule = rule
        self.selector = Selector((rule.css,)) if rule.css else None
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
        self.strip_css = tuple(StripCss(f"s{i}", rule) for i, rule in enumerate(profile.strip) if rule.css)
        texts = tuple(StripText(rule) for rule in profile.strip if not rule.css)
        self.strip_blocks = tuple(r for r in texts if r.kind in ("block", "after"))
        self.strip_parts = tuple(r for r in texts if r.kind not in ("block", "after"))
        self.dates = tuple(DateFinder(i, rule, profile.timezone) for i, rule in enumerate(profile.dates, 1))
        self.authors = tuple(AuthorFinder(i, rule) for i, rule in enumerate(profile.authors, 1))
        self.lead = Selector(profile.lead)
        self.hero = Selector((profile.hero.css,) if profile.hero.css else ())
        self.hero_caption = Selector((profile.hero.caption,) if profile.hero.caption else ())
        self.hero_credit = Selector((profile.hero.credit,) if profile.hero.credit else ())
        self.captions = Selector(profile.caption.css)
        self.credits = Selector(profile.caption.credit_css)
        self.credit = _pattern(profile.caption.credit)
        self.placeholders = tuple(re.compile(p, _FLAGS) for p in profile.placeholders)
        self.related = Selector(profile.related)
        self.tags = Selector(profile.tags)
        self.embeds = Selector(profile.embeds)
        self.drop_caps = Selector((profile.drop_caps,) if profile.drop_caps else ())
        self.title_strip = tuple(re.compile(p, _FLAGS) for p in profile.title.strip)
        self.title_prefix = _pattern(profile.title.prefix)
        self.title_suffix = _pattern(profile.title.suffix)
        self.truncated = _pattern(profile.truncated)


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

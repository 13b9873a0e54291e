"""The built-in profiles as a whole: valid values, telling names, and no pattern that never ends."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import msgspec
import pytest

from digest.sources import builtin_slugs, clashes, read_builtin
from digest.sources.profile import Profile

PATTERNS = {
    "after", "block", "closing", "credit", "drop", "end", "inline", "key", "match", "opening", "placeholders",
    "prefix", "section", "split", "start", "strip", "suffix", "truncated", "url",
}  # fmt: skip
NASTY = (
    "\xa0" * 26 + "字",  # enough to tell a pattern that doubles its work with every blank
    "\xa0" * 3000,
    "记者" + "\xa0" * 800 + "报",
    "（" * 2000 + "本文",
    "a" * 4000,
    "作者：" + "林、" * 1500,
    "The post " + "appeared " * 500,
    "对本文有报道贡献，" * 300,
    "https://www.example.org/" + "a-1/" * 800 + ".html",
)


def patterns(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every regular expression of a profile with its dotted key. A `credit` of the lead
    picture is a selector, and so is a `url` table no pattern."""
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            if not (type(value).__name__ == "HeroRule" and field == "credit"):
                yield from patterns(getattr(value, field), f"{name}.{field}")
    elif isinstance(value, tuple):
        for item in value:
            yield from patterns(item, name)
    elif isinstance(value, str) and value and name.rpartition(".")[2] in PATTERNS:
        yield name, value


@pytest.mark.parametrize("profile", read_builtin(), ids=lambda p: p.slug)
def test_no_pattern_runs_long_on_hostile_text(profile: Profile) -> None:
    for name, pattern in patterns(profile):
        compiled = re.compile(pattern, re.S)
        for text in NASTY:
            started = time.process_time()
            compiled.search(text)
            assert time.process_time() - started < 1, f"{profile.slug}{name}: {pattern!r} on {text[:12]!r}"


@pytest.mark.parametrize("profile", read_builtin(), ids=lambda p: p.slug)
def test_a_profile_says_who_it_is(profile: Profile) -> None:
    assert profile.slug in builtin_slugs()
    assert profile.homepage.startswith("https://")
    assert profile.url.key or profile.url.path_key, (
        "no article key: re-scrapes would become pages of their own"
    )
    assert all(re.fullmatch(r"[a-z][a-z -]{2,30}", rule.rule) for rule in profile.strip)


def test_no_two_outlets_claim_one_name_or_domain() -> None:
    assert clashes(read_builtin()) == ()

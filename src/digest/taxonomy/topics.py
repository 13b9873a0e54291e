"""Tells an article's broad subjects by a curated vocabulary: words, outlets' sections, addresses.

A topic is given for a word in the title, for two mentions of its words in the lead and opening,
for an outlet's own section, or for an address that matches. Words are found through
two of their characters: one pass over the text's character pairs leaves the few words worth
a closer look, so the size of the vocabulary costs next to nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import add
from typing import Protocol

from digest.ids import decoded
from digest.model import Version

_OPENING = 120
_MENTIONS = 2
_DATELINE = re.compile(r"^\s?[（(【〔][^）)】〕]{2,40}[）)】〕]")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class Rule(Protocol):
    """One topic's vocabulary, as `site.toml` gives it.

    A word in front of which a `-` stands is a phrase in which the topic's words do not count
    (`-拉美国家` keeps `美国` from being found there).
    """

    @property
    def slug(self) -> str: ...  # noqa: D102
    @property
    def words(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def sections(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def urls(self) -> tuple[str, ...]: ...  # noqa: D102


class _Word:
    __slots__ = ("edges", "masks", "text", "topic")

    def __init__(self, text: str, topic: int, masks: tuple[str, ...]) -> None:
        self.text = text
        self.topic = topic
        self.masks = masks
        latin = text[0] in _LATIN or text[-1] in _LATIN
        self.edges = re.compile(rf"(?<![a-z0-9]){re.escape(text)}(?![a-z0-9])") if latin else None

    def count(self, text: str) -> int:
        if self.edges:
            return len(self.edges.findall(text)) if self.text in text else 0
        found = text.count(self.text)
        if found and self.masks:
            found -= sum(text.count(m) * m.count(self.text) for m in self.masks)
        return found


class TopicRules:
    """A vocabulary, compiled once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.slugs = tuple(rule.slug for rule in rules)
        self._pairs: dict[str, list[_Word]] = {}
        self._sections: dict[str, list[int]] = {}
        self._urls: list[tuple[re.Pattern[str], int]] = []
        words: list[_Word] = []
        for topic, rule in enumerate(rules):
            listed = tuple(dict.fromkeys(w.strip().lower() for w in rule.words))
            masks = _shortest([w[1:] for w in listed if w.startswith("-") and len(w) > 1])
            listed_words = [w for w in listed if len(w) > 1 and not w.startswith("-")]
            words += [_Word(w, topic, tuple(m for m in masks if w in m)) for w in _shortest(listed_words)]
            for section in rule.sections:
                self._sections.setdefault(section.strip().lower(), []).append(topic)
            if rule.urls:
                self._urls.append((re.compile("|".join(f"(?:{u})" for u in rule.urls)), topic))
        shared = Counter(pair for word in words for pair in _pairs_of(word.text))
        for word in words:
            # The pair that leads to the fewest words: 共产 rather than 中国 for 中国共产党.
            rarest = min(_pairs_of(word.text), key=lambda pair: (shared[pair], pair))
            self._pairs.setdefault(rarest, []).append(word)
        self._keys = frozenset(self._pairs)
        self._any_url = re.compile("|".join(f"(?:{p.pattern})" for p, _ in self._urls) or r"(?!)")

    def by_words(self, title: str, opening: str) -> set[int]:
        """Topics (by number) with a word in `title` or two mentions in `opening`, both in lower case."""
        text = f"{title}\n{opening}"
        found: set[int] = set()
        counts: dict[int, int] = {}
        for pair in self._keys.intersection(_pairs_of(text)):
            for word in self._pairs[pair]:
                if word.topic in found or word.text not in text:
                    continue
                if word.text in title and word.count(title) > 0:
                    found.add(word.topic)
                else:
                    counts[word.topic] = counts.get(word.topic, 0) + max(word.count(opening), 0)
        found.update(topic for topic, count in counts.items() if count >= _MENTIONS)
        return found

    def by_section(self, source: str, sections: Iterable[str]) -> Iterable[int]:
        """Topics of an outlet's sections, listed plain (`politics`) or with the outlet (`cna:aipl`)."""
        for section in sections:
            name = section.strip().lower()
            yield from self._sections.get(name, ())
            yield from self._sections.get(f"{source}:{name}", ())

    def by_url(self, link: str) -> Iterable[int]:
        """Topics whose address patterns match the decoded `link`."""
        plain = decoded(link) if "%" in link else link
        if not self._any_url.search(plain):
            return ()
        return [topic for pattern, topic in self._urls if pattern.search(plain)]


def _pairs_of(text: str) -> Iterable[str]:
    return map(add, text, text[1:])


def _shortest(words: Sequence[str]) -> Sequence[str]:
    # Who counts 病毒 has counted 冠状病毒. A Latin word ends at its edges, so it covers no longer one.
    han = [w for w in words if not _LATIN.intersection(w)]
    return [w for w in words if not any(h != w and h in w for h in han)]


def classify(version: Version, text: str, rules: TopicRules) -> tuple[str, ...]:
    """The slugs of a version's topics, in the vocabulary's order. `text` is its running text."""
    opening = _DATELINE.sub("", (text or version.excerpt)[:_OPENING], count=1)
    lead = version.lead or ""
    if lead and not opening.startswith(lead[:20]):
        opening = f"{lead}\n{opening}"
    found = rules.by_words(version.title.lower(), opening.lower())
    if version.sections:
        found.update(rules.by_section(version.source, version.sections))
    if version.link:
        found.update(rules.by_url(version.link))
    return tuple(rules.slugs[topic] for topic in sorted(found))

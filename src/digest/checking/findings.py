"""A finding, and what is left of many: merged where they tell the same, silenced where the site says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

import msgspec
from msgspec import Struct

MERGED = 4
"""Places from which the same finding is told once: the fault stands in a template, not in a page."""


class Finding(Struct, frozen=True, gc=False):
    """One thing to know of the site or the archive.

    `path` is a page's address on the site where it begins with `/`, else an input file as the build's
    problems name it. `line` counts from 1; 0 is the whole file. `about` is what the finding is about: an
    address, a host, an outlet's slug. `places` counts the pages that have the same finding.
    """

    code: str
    message: str
    path: str
    line: int = 0
    about: str = ""
    places: int = 1


def merge_repeated(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in order, those of one code, message and subject on many pages of the site merged into the
    first."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.code, finding.message, finding.about), []).append(finding)
    merged: list[Finding] = []
    for group in alike.values():
        if len(group) < MERGED or not group[0].path.startswith("/"):
            merged += group
        else:
            first = min(group, key=lambda f: f.path)
            message = f"{first.message} (and so on {len(group) - 1:,} more pages)"
            merged.append(msgspec.structs.replace(first, message=message, places=len(group)))
    return merged


class Rule(Struct, frozen=True):
    """An entry of `check.ignore`: a code, and a glob on the place or the subject (empty: any)."""

    code: str
    pattern: str = ""

    def silences(self, finding: Finding) -> bool:
        """Whether the site does not want to hear of this."""
        if finding.code != self.code:
            return False
        values = (finding.path, finding.about, finding.path.removeprefix("/"))
        pattern = self.pattern.replace("[", "[[]")  # titles, and so file names, are full of brackets
        return not pattern or any(fnmatchcase(value, pattern) for value in values)


def parse_rule(entry: str) -> Rule:
    """`code` or `code:pattern`."""
    code, _, pattern = entry.partition(":")
    return Rule(code.strip(), pattern.strip())


def silence(
    findings: Sequence[Finding], rules: Sequence[Rule]
) -> tuple[list[Finding], int, tuple[Rule, ...]]:
    """What is left of the findings, how many are gone, and the rules that silenced none."""
    by_code: dict[str, list[Rule]] = {}
    for rule in rules:
        by_code.setdefault(rule.code, []).append(rule)
    used: set[Rule] = set()
    left: list[Finding] = []
    for finding in findings:
        hits = [rule for rule in by_code.get(finding.code, ()) if rule.silences(finding)]
        used.update(hits)
        if not hits:
            left.append(finding)
    return left, len(findings) - len(left), tuple(rule for rule in rules if rule not in used)

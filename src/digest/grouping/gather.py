"""From the days' decisions to stories, with their events and the ids they had."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from digest.grouping.fold import follow
from digest.model import Group

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from digest.grouping.fold import Decision

RELATED = 4
"""Stories named as related to one."""


def gather(
    days: Sequence[Sequence[str]], decisions: Sequence[Decision], order: Mapping[str, int]
) -> tuple[Group, ...]:
    """The stories of two pages or more, by id. `days` are the page ids of each decision's articles;
    `order` ranks page ids by moment."""
    went = {join.gone: join.kept for decision in decisions for join in decision.joins}
    founders: dict[int | str, str] = {}
    members: dict[int | str, list[str]] = defaultdict(list)
    events: dict[str, int] = {}
    former: dict[int | str, list[str]] = defaultdict(list)
    for pages, decision in zip(days, decisions, strict=True):
        rows = zip(pages, decision.stories, decision.events, decision.numbers, decision.units, strict=True)
        for page, story, event, number, unit in rows:
            if unit:
                founders.setdefault(unit, page)
                members[unit].append(page)
                events[page] = -1
            elif number >= 0:
                founders[number] = page
                members[follow(story, went)].append(page)
                events[page] = event
        for join in decision.joins:
            if join.told:
                former[follow(join.kept, went)].append(founders[join.gone])
    told = {key for key, pages in members.items() if len(pages) > 1}
    related = _relate(decisions, went, told)
    groups: list[Group] = []
    for key in told:
        pages = sorted(members[key], key=order.__getitem__)
        parts: dict[int, list[str]] = defaultdict(list)
        for page in pages:
            parts[events[page]].append(page)
        groups.append(
            Group(
                id=founders[key],
                members=tuple(pages),
                events=tuple(map(tuple, parts.values())),
                former=tuple(dict.fromkeys(former[key])),
                related=tuple(founders[number] for number in related.get(key, ())),
            )
        )
    groups.sort(key=lambda group: group.id)
    return tuple(groups)


def _relate(
    decisions: Sequence[Decision], went: Mapping[int, int], told: Collection[int | str]
) -> dict[int | str, list[int]]:
    best: dict[int, dict[int, int]] = defaultdict(dict)
    for decision in decisions:
        for number, other, similarity in decision.near:
            one, two = follow(number, went), follow(other, went)
            if one != two and one in told and two in told:
                for here, there in ((one, two), (two, one)):
                    best[here][there] = max(best[here].get(there, 0), similarity)
    return {
        number: sorted(others, key=lambda other: (-others[other], other))[:RELATED]
        for number, others in best.items()
    }

"""Does every story's address live on? Replays a month of the real archive as it grew.

    DIGEST_CORPUS=../shared python benchmarks/replay.py [--month 2020-09] [--builds 1,15,30]

The archive is grouped as it stood at the end of every day of the month (`--builds`: also really built, with
`build_site`, on some of its days, and the addresses compared). Every address a story had is
looked for in all later groupings. It is done for several ways in which an archive may grow:

- `arrival`: in the order in which articles were fetched, built at the end of each day;
- `hours`: the same, built at a random hour of each day too;
- `names`: by the day in the files' names, whole days at once;
- `late`: 2 % of the articles come one to three days after their time; `late-10`: 10 % do.

For each it prints what became of the addresses, and what share of the articles already in a story
changed their story's address (a redirect is a change) or left it, by added day. At last, for several rules by
which more pages of a story could lead to it, how many redirects they make. Exit 1 where an address is
lost though all articles came in order.
"""

from __future__ import annotations

import argparse
import calendar
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import NamedTuple
from zoneinfo import ZoneInfo

from archive import ARCHIVE, scratch
from intake import Archive, Arrival, read_archive

from digest.build.pipeline import build_site
from digest.config import load_config
from digest.grouping.article import Article
from digest.grouping.days import compare_days, part_days, reach_back
from digest.grouping.fold import Decision, Settings, State, step
from digest.grouping.gather import gather
from digest.model import Group


class Arrived(NamedTuple):
    """The day of an article's arrival, and its number in the order of arrival."""

    day: int
    number: int


Arrivals = Mapping[str, Arrived]
Rule = Callable[[Group, Arrivals], Iterable[str]]
"""Which members of a story lead to it beside its `former` ids, given when each arrived."""


class Folded(NamedTuple):
    """The fold of an archive: its days, and what each left behind and decided."""

    days: list[tuple[Article, ...]]
    states: list[State]
    decisions: list[Decision]


class Build(NamedTuple):
    """The stories as of a day of the month (the last one's number)."""

    day: int
    groups: tuple[Group, ...]


class Change(NamedTuple):
    """One build after another: how many articles were published, were in a story, have another address
    for it now, are in none now."""

    day: int
    published: int
    told: int
    moved: int
    left: int


def refold(before: Folded, articles: Sequence[Article]) -> Folded:
    """The fold of `articles`, in order of arrival; days as they were in `before` are not folded anew."""
    days, settings = part_days(articles), Settings()
    pairs = zip(before.days, days, strict=False)
    start = next(
        (n for n, (old, new) in enumerate(pairs) if old != new), min(len(before.days), len(days))
    )  # fmt: skip
    states, decisions = before.states[:start], before.decisions[:start]
    dates = [day[0].day for day in days]
    first = start
    if start < len(days):
        first = reach_back(dates, reach_back(dates, start, settings.reach), settings.reach)
    state = states[-1] if states else State()
    for day in compare_days(days[first:], start - first, settings.reach):
        state, decision = step(state, day, settings)
        states.append(state)
        decisions.append(decision)
    return Folded(days, states, decisions)


def grow(archive: Archive, arrives: Sequence[datetime], moments: Sequence[datetime]) -> Iterator[Build]:
    """The stories at each of `moments` (ascending), of what has come by then."""
    folded = Folded([], [], [])
    for moment in moments:
        here = [a.article for a, at in zip(archive.arrivals, arrives, strict=True) if at < moment]
        folded = refold(folded, here)
        ids = [[a.id for a in day] for day in folded.days]
        yield Build((moment - timedelta(seconds=1)).day, gather(ids, folded.decisions, archive.order))


def lag(arrivals: Sequence[Arrival], share: float, seed: int) -> list[datetime]:
    """When articles come, of which a share is one to three days late."""
    chance = random.Random(seed)
    return [
        a.at + timedelta(days=chance.uniform(1, 3)) if chance.random() < share else a.at for a in arrivals
    ]


def name_days(archive: Archive) -> list[datetime]:
    """When articles come, by the day in the name of the file."""
    return [
        datetime.strptime(a.files[0][:10], "%Y-%m-%d").replace(tzinfo=archive.zone) for a in archive.arrivals
    ]


def list_ends(year: int, month: int, zone: ZoneInfo) -> list[datetime]:
    """The ends of the last day before a month and of its own days."""
    first = datetime(year, month, 1, tzinfo=zone)
    return [first + timedelta(days=n) for n in range(calendar.monthrange(year, month)[1] + 1)]


def find_changes(builds: Sequence[Build], published: Sequence[int]) -> Iterator[Change]:
    """What each build changed for the articles of the one before."""
    before: dict[str, str] = {}
    for number, build in enumerate(builds):
        now = {member: group.id for group in build.groups for member in group.members}
        if number:
            moved = sum(page in now and now[page] != story for page, story in before.items())
            left = sum(page not in now for page in before)
            yield Change(build.day, published[number - 1], len(before), moved, left)
        before = now


def find_lost(builds: Sequence[Build], rule: Rule, arrivals: Arrivals) -> dict[str, int]:
    """The addresses that some later build does not have, with the number of the last such build."""
    known: set[str] = set()
    lost: dict[str, int] = {}
    for number, build in enumerate(builds):
        lead = {n for g in build.groups for n in (g.id, *g.former, *rule(g, arrivals))}
        lost.update(dict.fromkeys(known - lead, number))
        known.update(group.id for group in build.groups)
    return lost


def tell_kind(address: str, build: Build) -> str:
    """What became of the page that a lost address is named after."""
    for group in build.groups:
        if address in group.members:
            return "in a story of another founder"
    return "in no story now"


def none(_group: Group, _: Arrivals) -> Iterable[str]:
    """No more than the ids that stories had."""
    return ()


def within(most: int) -> Rule:
    """Members that arrived at most so many days after the story's founder."""
    return lambda group, arrivals: (
        m for m in group.members if arrivals[m].day - arrivals[group.id].day <= most
    )


def first(most: int) -> Rule:
    """The members that arrived first, so many of them (the founder is one)."""
    return lambda group, arrivals: sorted(group.members, key=lambda m: arrivals[m].number)[:most]


def event_founders(group: Group, _: Arrivals) -> Iterable[str]:
    """The first pages of events of two pages or more."""
    return (event[0] for event in group.events if len(event) > 1)


def everyone(group: Group, _: Arrivals) -> Iterable[str]:
    """All members."""
    return group.members


RULES: dict[str, Rule] = {
    "former ids alone": none,
    "the first 2 members": first(2),
    "the first 3 members": first(3),
    "the first 5 members": first(5),
    "first pages of events": event_founders,
    "members of the first day": within(0),
    "members within 1 day": within(1),
    "members within 2 days": within(2),
    "members within 3 days": within(3),
    "all members": everyone,
}


def report_growth(name: str, builds: Sequence[Build], published: Sequence[int], arrivals: Arrivals) -> None:
    """Print what became of the addresses, and the changes."""
    addresses = {group.id for build in builds for group in build.groups}
    last = builds[-1]
    stand = {group.id for group in last.groups}
    former = {former for group in last.groups for former in group.former}
    gone = addresses - stand - former
    print(f"\n{name}: {len(builds)} builds, {published[-1]} articles, {len(last.groups)} stories at the end")
    print(
        f"  {len(addresses)} addresses: {len(addresses & stand)} of a story, "
        f"{len(addresses & former - stand)} redirected, {len(gone)} lost at the end"
    )
    for kind, count in sorted(Counter(tell_kind(address, last) for address in gone).items()):
        print(f"    {count} lost: {kind}")
    changes = list(find_changes(builds, published))
    for figure in ("moved", "left"):
        of_told = [getattr(c, figure) / c.told for c in changes]
        of_all = [getattr(c, figure) / c.published for c in changes]
        print(
            f"  {figure}: {mean(of_told):.3%} of the articles in a story (at most {max(of_told):.3%}), "
            f"{mean(of_all):.3%} of all articles (at most {max(of_all):.3%}), "
            f"{sum(getattr(c, figure) for c in changes)} in all"
        )
    parts = []
    for rule_name, rule in RULES.items():
        lost = find_lost(builds, rule, arrivals)
        at_end = sum(number == len(builds) - 1 for number in lost.values())
        parts.append(f"{rule_name} {len(lost)} ({at_end})")
    print("  lost in some later build (in the last one), by rule: " + "; ".join(parts))


def report_rules(groups: Sequence[Group], arrivals: Arrivals) -> None:
    """Print how many redirects each rule makes in the whole archive."""
    members = sum(len(group.members) for group in groups)
    print(f"\nwhole archive: {len(groups)} stories, {members} articles in them; redirects by rule:")
    for name, rule in RULES.items():
        leads = sum(len({*group.former, *rule(group, arrivals)} - {group.id}) for group in groups)
        print(f"  {name:26}{leads:7}")


def build_really(archive: Archive, ends: Sequence[datetime], chosen: Sequence[int]) -> None:
    """Build the site as it stood at the end of some days, and compare with the fold's stories."""
    work = scratch()
    site = work / "replay"
    shutil.rmtree(site, ignore_errors=True)
    content = site / "content"
    content.mkdir(parents=True)
    (site / "site.toml").write_text('title = "Replay"\nurl = "https://example.org"\n', "utf-8")
    config = load_config(site)
    addresses: set[str] = set()
    places = {path.name: path for path in (work / ARCHIVE).rglob("*.md")}
    print()
    for day in chosen:
        here = [a for a in archive.arrivals if a.at < ends[day]]
        for name in (name for a in here for name in a.files):
            if not (content / name).exists():
                shutil.copyfile(places[name], content / name)
        report = build_site(config)
        pages = {p.parent.name for p in Path(config.output).glob("threads/*/index.html")}
        folded = refold(Folded([], [], []), [a.article for a in here])
        groups = gather([[a.id for a in d] for d in folded.days], folded.decisions, archive.order)
        names = {name for group in groups for name in (group.id, *group.former)}
        addresses |= {group.id for group in groups}
        print(
            f"built day {day}: {report.pages} pages, {report.threads} stories, {len(pages)} addresses; "
            f"the fold has {len(names)}, {len(names ^ pages)} differ; "
            f"{len(addresses - pages)} of {len(addresses)} ever published are missing",
            flush=True,
        )


def main() -> int:
    """Read the command line, replay, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--month", default="2020-09")
    parser.add_argument("--builds", default="", help="days to build really, with commas between")
    parser.add_argument("--orders", default="arrival,hours,names,late,late-10", help="how it grows")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    archive = read_archive()
    year, month = map(int, options.month.split("-"))
    ends = list_ends(year, month, archive.zone)
    chance = random.Random(options.seed)
    hours = sorted([*ends, *(end + timedelta(hours=chance.uniform(0, 24)) for end in ends[:-1])])
    arrive = [a.at for a in archive.arrivals]
    arrivals = {a.article.id: Arrived(a.article.day, n) for n, a in enumerate(archive.arrivals)}
    growths: dict[str, tuple[list[datetime], list[datetime]]] = {
        "arrival": (arrive, ends),
        "hours": (arrive, hours),
        "names": (name_days(archive), ends),
        "late": (lag(archive.arrivals, 0.02, options.seed), ends),
        "late-10": (lag(archive.arrivals, 0.1, options.seed), ends),
    }
    lost = False
    for name in options.orders.split(","):
        arrives, moments = growths[name]
        builds = list(grow(archive, arrives, moments))
        published = [sum(at < moment for at in arrives) for moment in moments]
        report_growth(name, builds, published, arrivals)
        lost |= name in {"arrival", "hours"} and bool(find_lost(builds, none, arrivals))
        sys.stdout.flush()
    whole = refold(Folded([], [], []), [a.article for a in archive.arrivals])
    report_rules(gather([[a.id for a in d] for d in whole.days], whole.decisions, archive.order), arrivals)
    if options.builds:
        build_really(archive, ends, [int(day) for day in options.builds.split(",")])
    return int(lost)


if __name__ == "__main__":
    sys.exit(main())

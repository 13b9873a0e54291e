"""Which form of news writing an article has: a report, or one that must not be grouped like one.

A thread tells one story. Round-ups tell many, and stand alone. Market reports and bulletins (counts of
the sick, weather, small earthquakes) say nearly the same words every day: those of one subject on
one day are one event, and none lead from day to day. All that is known of them is in `forms.toml`.

Texts come folded: Simplified letters; case and width do not matter.
"""

from __future__ import annotations

import re
import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

Kind = Literal["report", "roundup", "market", "counts", "weather", "quake"]


class Form(Struct, frozen=True, gc=False):
    """The form of one article.

    `key` names what a market report or bulletin is about (`us-stocks`, `香港`, an outlet's slug where
    the place goes without saying); `shift` is the hours to add to UTC to get the day it is of.
    """

    kind: Kind = "report"
    key: str = ""
    shift: int = 0


REPORT = Form()
ROUNDUP = Form("roundup")

_OPEN, _CLOSE = r"[\[【(（《「『\s]*", r"[》】)）」』\]]*\s*(?:[：:|｜丨／/》】\]]|[-—–]{1,2}\s|$)"
_CLAUSE = r"[^\s，,；;、！!“”「」]{0,14}?"
_NUMBER = r"\d[\d,，.]*(?:[万千百亿]\d*)*|[一二两三四五六七八九十百千数]+(?=[例宗起人名位万千百])"


class _Wording:
    """What `forms.toml` tells, compiled."""

    def __init__(self) -> None:
        data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
        self._read_roundups(data["roundup"])
        self._read_markets(data["market"])
        self._read_bulletins(data["counts"], data["weather"], data["quake"])
        self._read_rubrics(data["rubric"])
        self.dateline = _any(data["dateline"]["patterns"], suffix=r"\s*")
        self.stop = frozenset(word for words in data["stop"].values() for word in _words(words))

    def _read_roundups(self, data: dict[str, Any]) -> None:
        self.columns = _any(data["columns"], _OPEN, _CLOSE)
        self.titles, self.wholes = _any(data["titles"]), _any(data["wholes"])
        self.openings = _any(data["openings"])
        self.outlets = {slug: _any(names, _OPEN) for slug, names in data["outlets"].items()}

    def _read_markets(self, data: dict[str, Any]) -> None:
        markets = {key: table for key, table in data.items() if isinstance(table, dict)}
        self.shifts: dict[str, int] = {key: table["shift"] for key, table in markets.items()}
        self.keys = {name: key for key, table in markets.items() for name in _words(table["names"])}
        self.names = re.compile(_literals(f"{data['decoys']} {' '.join(self.keys)}"))
        self.moves = _any(data["moves"], _CLAUSE)
        self.sessions = re.compile(f"{_CLAUSE}(?:{data['sessions']})")
        self.references, self.causes = re.compile(data["references"]), re.compile(data["causes"])
        self.causatives = re.compile(data["causatives"])
        self.excluded, self.unlike = re.compile(data["excluded"]), _any(data["unlike"])
        self.rubrics = re.compile(rf"[\[【(（]?(?:{data['rubrics']})[\]】)）：:|｜]\s*")

    def _read_bulletins(self, counts: dict[str, Any], weather: dict[str, Any], quake: dict[str, Any]) -> None:
        self.increase, self.subject = re.compile(counts["increase"]), re.compile(counts["subject"])
        self.counted = re.compile(rf"(?:{_NUMBER})余?多?\s*(?:[例宗起人名位死]|万|确诊|境外|病例|患者)")
        self.count_words = re.compile(
            rf"\d+月\d+日|{_NUMBER}[余多]?|{counts['letters']}|{_literals(counts['words'])}|\W+"
        )
        self.count_opening = re.compile(counts["opening"])
        self.places: dict[str, str] = counts["places"]
        self.weather, self.no_weather = _any(weather["words"]), re.compile(weather["excluded"])
        self.magnitude, self.no_quake = re.compile(quake["pattern"]), re.compile(quake["excluded"])
        self.small: float = quake["below"]

    def _read_rubrics(self, data: dict[str, Any]) -> None:
        self.prefixes, self.suffixes = (
            frozenset(_words(data["prefixes"])),
            frozenset(_words(data["suffixes"])),
        )
        self.forms = re.compile(data["forms"])
        self.head = re.compile(
            r"[\[【(（《「]?([^\s：:|｜丨》】\])）」，。]{1,14})(\s*[：:|｜丨》】\])）」]|\s)\s*"
        )
        self.tail = re.compile(
            r"\s*(?:[-—–]{1,2}\s*([^\s\-—–]{1,10})|[（(【\[]([^（(【\[]{1,10})[）)】\]]| - \d{6}-\d+)$"
        )
        self.date = re.compile(r"[\d年月日/.\-–~至、]+")


@cache
def _wording() -> _Wording:
    """Read in 25 ms by whoever first asks for a form."""
    return _Wording()


def _any(patterns: list[str], prefix: str = "", suffix: str = "") -> re.Pattern[str]:
    return re.compile(prefix + "(?:" + "|".join(patterns) + ")" + suffix)


def _words(text: str) -> list[str]:
    """The words of a table, longest first, so that an alternation finds the longest."""
    return sorted(set(text.split()), key=lambda word: (-len(word), word))


def _literals(text: str) -> str:
    return "(?:" + "|".join(map(re.escape, _words(text))) + ")"


def tell_form(title: str, kicker: str = "", source: str = "", opening: str = "") -> Form:
    """The form of an article by its folded headline, rubric, outlet's slug and first words."""
    title, kicker = title.lower(), kicker.lower()
    if _is_roundup(title, kicker, source, opening):
        return ROUNDUP
    return _tell_market(title, kicker) or _tell_bulletin(title, source) or REPORT


def name_unit(form: Form, moment: datetime) -> str:
    """What stands together: all market reports and bulletins of one name are one event.

    Empty for a report, which is grouped by what it says, and for a round-up, which stands alone.
    """
    if form.kind in {"report", "roundup"}:
        return ""
    return f"{form.kind} {form.key} {moment + timedelta(hours=form.shift):%Y-%m-%d}"


# ---- round-ups


def _is_roundup(title: str, kicker: str, source: str, opening: str) -> bool:
    known = _wording()
    if (kicker and known.columns.match(kicker)) or known.columns.match(title):
        return True
    if known.titles.search(title) or known.wholes.fullmatch(title):
        return True
    own = known.outlets.get(source)
    if own and (own.match(kicker) or own.match(title)):
        return True
    return bool(opening) and known.openings.match(opening) is not None


# ---- markets

_BREAKS = " \u3000，,；;"


def _tell_market(title: str, kicker: str) -> Form | None:
    """The market whose trade the headline tells, unless it tells more than that."""
    known = _wording()
    if kicker and not known.rubrics.match(kicker):
        return None
    if rubric := known.rubrics.match(title):
        title = title[rubric.end() :]
    if known.excluded.search(title) or not (name := _choose_market(title)):
        return None
    key = known.keys[name]
    return Form("market", key, known.shifts[key])


def _choose_market(title: str) -> str:
    """Of the markets named and moved, the one told by its session or moved by another, else the first."""
    known = _wording()
    names = [name for name in known.names.finditer(title) if name[0] in known.keys]
    ends = [name.start() for name in names[1:]] + [len(title)]
    chosen, best = "", -1
    for name, end in zip(names, ends, strict=False):
        start = name.start()
        clause, before = _clause_around(title, start), title[max(0, start - 2) : start]
        if (
            known.references.search(before)
            or not known.moves.match(title, name.end())
            or known.causes.search(clause)
        ):
            continue
        told = bool(known.sessions.match(title, name.end(), end) or known.causatives.search(before))
        weight = 2 * told + clause.startswith(name[0])
        if weight > best:
            chosen, best = "" if known.unlike.search(clause) else name[0], weight
    return chosen


def _clause_around(title: str, position: int) -> str:
    """The part between two breaks that holds a position."""
    first = max(title.rfind(mark, 0, position) for mark in _BREAKS) + 1
    ends = [end for end in (title.find(mark, position) for mark in _BREAKS) if end >= 0]
    return title[first : min(ends, default=len(title))]


# ---- bulletins

_EAST_ASIA = 8
_LONGEST_PLACE, _LONGEST_REST, _LONGEST_TALE = 6, 8, 16


def _tell_bulletin(title: str, source: str) -> Form | None:
    known = _wording()
    if known.subject.search(title) and known.counted.search(title) and known.increase.search(title):
        names = known.count_words.sub(" ", title).split()
        place = names[0] if names else source
        limit = _LONGEST_TALE if known.count_opening.match(title) else _LONGEST_REST
        if (not names or len(place) <= _LONGEST_PLACE) and sum(map(len, names)) <= limit:
            return Form("counts", known.places.get(place, place))
    if "震" in title and (magnitude := known.magnitude.search(title)) and not known.no_quake.search(title):
        size = magnitude[1] or magnitude[2]
        if float(size) < known.small:
            return Form("quake", size, _EAST_ASIA)
    if known.weather.search(title) and not known.no_weather.search(title):
        return Form("weather", source, _EAST_ASIA)
    return None


# ---- the words of the trade

_SHORTEST_SPACED = 4


def stop_terms() -> frozenset[str]:
    """Folded terms that tell no story from another: the day, the reporters, that somebody said something."""
    return _wording().stop


def strip_column(title: str) -> str:
    """The headline without what kind of article it is and who says so, in front and behind.

    `独家：` and `--消息人士` stand on articles of all stories. The names of speakers stay.
    """
    known = _wording()
    bare = title
    while head := known.head.match(bare):
        word, mark = head[1].lower(), head[2].strip()
        of_trade = word in known.prefixes or (mark and known.forms.fullmatch(word))
        if not of_trade or not (mark or len(word) >= _SHORTEST_SPACED):
            break
        bare = bare[head.end() :]
    while tail := known.tail.search(bare):
        word = (tail[1] or tail[2] or "").lower()
        if word and word not in known.suffixes and not known.date.fullmatch(word):
            break
        bare = bare[: tail.start()]
    return bare or title


def strip_dateline(text: str) -> str:
    """A text without the agency, place, day and reporters it opens with: `（中央社记者…台北3日电）`."""
    line = _wording().dateline.match(text)
    return text[line.end() :] if line else text

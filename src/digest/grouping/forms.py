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

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


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

_ROUNDUP = _DATA["roundup"]
_OPEN, _CLOSE = r"[\[【(（《「『\s]*", r"[》】)）」』\]]*\s*(?:[：:|｜丨／/》】\]]|[-—–]{1,2}\s|$)"
_COLUMNS = _any(_ROUNDUP["columns"], _OPEN, _CLOSE)
_TITLES, _WHOLES = _any(_ROUNDUP["titles"]), _any(_ROUNDUP["wholes"])
_OPENINGS = _any(_ROUNDUP["openings"])
_OUTLETS = {slug: _any(names, _OPEN) for slug, names in _ROUNDUP["outlets"].items()}


def _is_roundup(title: str, kicker: str, source: str, opening: str) -> bool:
    if (kicker and _COLUMNS.match(kicker)) or _COLUMNS.match(title):
        return True
    if _TITLES.search(title) or _WHOLES.fullmatch(title):
        return True
    own = _OUTLETS.get(source)
    if own and (own.match(kicker) or own.match(title)):
        return True
    return bool(opening) and _OPENINGS.match(opening) is not None


# ---- markets

_MARKET = _DATA["market"]
_SHIFTS: dict[str, int] = {key: table["shift"] for key, table in _MARKET.items() if isinstance(table, dict)}
_KEYS = {name: key for key in _SHIFTS for name in _words(_MARKET[key]["names"])}
_NAMES = re.compile(_literals(f"{_MARKET['decoys']} {' '.join(_KEYS)}"))
_CLAUSE = r"[^\s，,；;、！!“”「」]{0,14}?"
_MOVES = _any(_MARKET["moves"], _CLAUSE)
_SESSIONS = re.compile(f"{_CLAUSE}(?:{_MARKET['sessions']})")
_REFERENCES, _CAUSES = re.compile(_MARKET["references"]), re.compile(_MARKET["causes"])
_CAUSATIVES = re.compile(_MARKET["causatives"])
_EXCLUDED, _UNLIKE = re.compile(_MARKET["excluded"]), _any(_MARKET["unlike"])
_BREAKS = " \u3000，,；;"
_RUBRICS = re.compile(rf"[\[【(（]?(?:{_MARKET['rubrics']})[\]】)）：:|｜]\s*")


def _tell_market(title: str, kicker: str) -> Form | None:
    """The market whose trade the headline tells, unless it tells more than that."""
    if kicker and not _RUBRICS.match(kicker):
        return None
    if rubric := _RUBRICS.match(title):
        title = title[rubric.end() :]
    if _EXCLUDED.search(title) or not (name := _choose_market(title)):
        return None
    key = _KEYS[name]
    return Form("market", key, _SHIFTS[key])


def _choose_market(title: str) -> str:
    """Of the markets named and moved, the one told by its session or moved by another, else the first."""
    names = [name for name in _NAMES.finditer(title) if name[0] in _KEYS]
    ends = [name.start() for name in names[1:]] + [len(title)]
    chosen, best = "", -1
    for name, end in zip(names, ends, strict=False):
        clause, before = _clause_around(title, name.start()), title[max(0, name.start() - 2) : name.start()]
        if _REFERENCES.search(before) or not _MOVES.match(title, name.end()) or _CAUSES.search(clause):
            continue
        told = bool(_SESSIONS.match(title, name.end(), end) or _CAUSATIVES.search(before))
        weight = 2 * told + clause.startswith(name[0])
        if weight > best:
            chosen, best = "" if _UNLIKE.search(clause) else name[0], weight
    return chosen


def _clause_around(title: str, position: int) -> str:
    """The part between two breaks that holds a position."""
    first = max(title.rfind(mark, 0, position) for mark in _BREAKS) + 1
    ends = [end for end in (title.find(mark, position) for mark in _BREAKS) if end >= 0]
    return title[first : min(ends, default=len(title))]


# ---- bulletins

_COUNTS, _WEATHER, _QUAKE = _DATA["counts"], _DATA["weather"], _DATA["quake"]
_NUMBER = r"\d[\d,，.]*(?:[万千百亿]\d*)*|[一二两三四五六七八九十百千数]+(?=[例宗起人名位万千百])"
_COUNTED = re.compile(rf"(?:{_NUMBER})余?多?\s*(?:[例宗起人名位死]|万|确诊|境外|病例|患者)")
_INCREASE = re.compile(_COUNTS["increase"])
_SUBJECT = re.compile(_COUNTS["subject"])
_COUNT_WORDS = re.compile(
    rf"\d+月\d+日|{_NUMBER}[余多]?|{_COUNTS['letters']}|{_literals(_COUNTS['words'])}|\W+"
)
_PLACES: dict[str, str] = _COUNTS["places"]
_WEATHER_WORDS, _WEATHER_EXCLUDED = _any(_WEATHER["words"]), re.compile(_WEATHER["excluded"])
_MAGNITUDE, _QUAKE_EXCLUDED = re.compile(_QUAKE["pattern"]), re.compile(_QUAKE["excluded"])
_EAST_ASIA = 8
_COUNT_OPENING = re.compile(_COUNTS["opening"])
_LONGEST_PLACE, _LONGEST_REST, _LONGEST_TALE = 6, 8, 16


def _tell_bulletin(title: str, source: str) -> Form | None:
    if _SUBJECT.search(title) and _COUNTED.search(title) and _INCREASE.search(title):
        names = _COUNT_WORDS.sub(" ", title).split()
        place = names[0] if names else source
        limit = _LONGEST_TALE if _COUNT_OPENING.match(title) else _LONGEST_REST
        if (not names or len(place) <= _LONGEST_PLACE) and sum(map(len, names)) <= limit:
            return Form("counts", _PLACES.get(place, place))
    if "震" in title and (magnitude := _MAGNITUDE.search(title)) and not _QUAKE_EXCLUDED.search(title):
        size = magnitude[1] or magnitude[2]
        if float(size) < _QUAKE["below"]:
            return Form("quake", size, _EAST_ASIA)
    if _WEATHER_WORDS.search(title) and not _WEATHER_EXCLUDED.search(title):
        return Form("weather", source, _EAST_ASIA)
    return None


# ---- the words of the trade

_RUBRIC = _DATA["rubric"]
_PREFIXES, _SUFFIXES = frozenset(_words(_RUBRIC["prefixes"])), frozenset(_words(_RUBRIC["suffixes"]))
_FORMS = re.compile(_RUBRIC["forms"])
_HEAD = re.compile(r"[\[【(（《「]?([^\s：:|｜丨》】\])）」，。]{1,14})(\s*[：:|｜丨》】\])）」]|\s)\s*")
_TAIL = re.compile(
    r"\s*(?:[-—–]{1,2}\s*([^\s\-—–]{1,10})|[（(【\[]([^（(【\[]{1,10})[）)】\]]| - \d{6}-\d+)$"
)
_DATE = re.compile(r"[\d年月日/.\-–~至、]+")
_DATELINE = _any(_DATA["dateline"]["patterns"], suffix=r"\s*")
_SHORTEST_SPACED = 4

STOP_TERMS: frozenset[str] = frozenset(word for words in _DATA["stop"].values() for word in _words(words))
"""Folded terms that tell no story from another: the day, the reporters, and that somebody said something."""


def strip_column(title: str) -> str:
    """The headline without what kind of article it is and who says so, in front and behind.

    `独家：` and `--消息人士` stand on articles of all stories. The names of speakers stay.
    """
    bare = title
    while head := _HEAD.match(bare):
        word, mark = head[1].lower(), head[2].strip()
        known = word in _PREFIXES or (mark and _FORMS.fullmatch(word))
        if not known or not (mark or len(word) >= _SHORTEST_SPACED):
            break
        bare = bare[head.end() :]
    while tail := _TAIL.search(bare):
        word = (tail[1] or tail[2] or "").lower()
        if word and word not in _SUFFIXES and not _DATE.fullmatch(word):
            break
        bare = bare[: tail.start()]
    return bare or title


def strip_dateline(text: str) -> str:
    """A text without the agency, place, day and reporters it opens with: `（中央社记者…台北3日电）`."""
    line = _DATELINE.match(text)
    return text[line.end() :] if line else text

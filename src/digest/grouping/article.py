"""What grouping knows of one article."""

from __future__ import annotations

from msgspec import Struct

from digest.grouping.forms import REPORT, Form


class Article(Struct, frozen=True, gc=False):
    """An article on its way through grouping, in the order of arrival.

    `day` is the day it was fetched on (a number of days); `unit` names what it stands
    together with whatever its words (a market's reports of one day), else is empty.
    `terms` and `weights` are those of its `Sketch`.
    """

    id: str
    day: int
    form: Form = REPORT
    unit: str = ""
    terms: bytes = b""
    weights: bytes = b""

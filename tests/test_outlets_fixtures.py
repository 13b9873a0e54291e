"""Each outlet's markup, era by era and quirk by quirk, read into the values that stand beside it.

A fixture is `fixtures/<outlet>/<case>.md` with `<case>.toml`: only the keys given there are
compared, and `kinds` names the kinds of real trouble it stands for. The words are our own.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from digest.loaders import Reader, trace
from digest.model import Loaded, Picture, SourceFile, Trace
from digest.sources import read_builtin

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path.with_suffix("") for path in FIXTURES.glob("*/*.toml"))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(read_builtin(), None)


def moment(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


def picture(value: Picture | None) -> dict[str, str] | bool:
    if value is None:
        return False
    return {"url": value.url, "caption": value.caption or "", "credit": value.credit or ""}


def values(loaded: Loaded, traced: Trace) -> dict[str, Any]:
    version, body = loaded.version, loaded.body
    return {
        "source": version.source,
        "key": version.key,
        "link": version.link,
        "title": version.title,
        "kicker": version.kicker or "",
        "authors": list(version.authors),
        "published": moment(version.published),
        "fetched": moment(version.fetched),
        "day_only": version.day_only,
        "lang": version.lang,
        "lead": version.lead or "",
        "text": body.text,
        "hero": picture(version.hero),
        "images": [image.url for image in version.images],
        "captions": [image.caption or "" for image in version.images],
        "links": list(version.links),
        "related": [link.url for link in version.related],
        "tags": list(version.tags),
        "sections": list(version.sections),
        "truncated": version.truncated,
        "problems": sorted(problem.code for problem in version.problems),
        "rules": sorted({piece.rule for piece in traced.pieces if piece.kind == "stripped"}),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_an_outlets_markup_is_read_as_its_fixture_says(case: Path, reader: Reader) -> None:
    expected = tomllib.loads(case.with_suffix(".toml").read_text("utf-8"))
    source = next(p for p in case.parent.glob(f"{case.name}.*") if p.suffix != ".toml")
    expected.pop("kinds", None)
    path = expected.pop("path", source.name)
    loaded, traced = trace(SourceFile(path, source.read_bytes()), reader)
    assert isinstance(loaded, Loaded), loaded
    assert traced is not None
    has, lacks = expected.pop("html_has", []), expected.pop("html_lacks", [])
    found = values(loaded, traced)
    if "text" in expected:
        expected["text"] = expected["text"].strip("\n")
    assert {key: found[key] for key in expected} == expected
    for words in has:
        assert words in loaded.body.html
    for words in lacks:
        assert words not in loaded.body.html

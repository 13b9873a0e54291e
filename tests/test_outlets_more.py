"""The real hard cases of the second half of the outlets, read as their notes say.

Only structure is asserted; no word of a real article stands here.
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.loaders import Reader, trace
from digest.model import Loaded, SourceFile, Trace
from digest.sources import read_builtin

pytestmark = pytest.mark.corpus

Check = Callable[[Loaded, Trace, bytes], bool]
CHECKS: dict[str, Check] = {}


def case(*kinds: str) -> Callable[[Check], Check]:
    """Register what must hold for the real files of these kinds."""

    def register(check: Check) -> Check:
        CHECKS.update(dict.fromkeys(kinds, check))
        return check

    return register


@pytest.fixture(scope="module")
def cases(corpus: Path) -> dict[str, list[tuple[str, bytes]]]:
    """Kind of hard case → (path, bytes) of its files."""
    archive = corpus / "corpus/hard-cases.tar.xz"
    if not archive.is_file():
        pytest.skip("the archive of hard cases is not there")
    with tarfile.open(archive) as tar:
        files = {
            member.name.removeprefix("./"): stream.read()
            for member in tar
            if member.isfile() and (stream := tar.extractfile(member))
        }
    found: dict[str, list[tuple[str, bytes]]] = {}
    for line in (corpus / "corpus/hard-cases.tsv").read_text("utf-8").splitlines()[1:]:
        path, kind, _ = line.split("\t", 2)
        name = re.sub(r"\\([n\\])", lambda m: {"n": "\n"}.get(m[1], m[1]), path)
        match = next((f for f in files if f == name or f.endswith("/" + name)), None)
        if match:
            found.setdefault(kind, []).append((name, files[match]))
    return found


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(read_builtin(), None)


def stripped(how: Trace) -> set[str]:
    return {piece.rule for piece in how.pieces if piece.kind == "stripped"}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def epoch(data: bytes) -> datetime:
    found = re.search(rb"<!--(\d{13})-->", data)
    assert found
    return datetime.fromtimestamp(int(found[1]) // 1000, UTC)


@case("fmt-B-no-comment-date-line")
def date_line(a: Loaded, _: Trace, data: bytes) -> bool:
    day = re.search(rb"(\d{1,2}) Jun 2020", data)
    moment = a.version.published
    return bool(
        day and moment and moment.day == int(day[1]) and "+0000" not in a.body.text and a.version.tags
    )


@case("fmt-C-no-comment-no-heading-article", "iyou-lazy")
def iyouport(a: Loaded, how: Trace, _: bytes) -> bool:
    v = a.version
    return (
        v.source == "iyouport"
        and v.published is not None
        and "iYouPort" not in v.title
        and v.authors == ("McCaffrey",)
        and "Minutes" not in a.body.text
        and {"title", "entry-meta"} <= stripped(how)
    )


@case("fmt-C-no-heading-neist", "neist-related")
def neist(a: Loaded, how: Trace, _: bytes) -> bool:
    return a.version.published is not None and bool(a.version.title) and "title" in stripped(how)


@case("fmt-C-drupal-comments")
def drupal(a: Loaded, how: Trace, _: bytes) -> bool:
    v = a.version
    return (
        v.authors == ("GreatFire",)
        and v.published == utc(2014, 11, 25, 14, 13, 24)
        and v.hero is not None
        and v.hero.credit is not None
        and len(v.images) == 1
        and len(v.related) == 4
        and all(link.text for link in v.related)
        and {"reader-comments", "related"} <= stripped(how)
    )


@case("fmt-C-comment-NaN")
def not_a_number(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.fetched is not None and a.version.fetched.year == 2021 and not a.body.text


@case("fmt-C-date-only", "fmt-crlf")
def day_only(a: Loaded, _: Trace, __: bytes) -> bool:
    v = a.version
    return v.day_only and v.source == "caains" and "Views" not in a.body.text and "\r" not in a.body.html


@case("fmt-C-comments-key", "author-entity")
def chinafile(a: Loaded, _: Trace, data: bytes) -> bool:
    return len(a.version.authors) == 2 and a.version.published == epoch(data)


@case("chinafile-json-attr")
def broken_attribute(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.hero is not None and '"' not in a.body.text and a.body.text.count("\n") == 2


@case("fmt-lone-cr")
def lone_cr(a: Loaded, _: Trace, __: bytes) -> bool:
    return "\r" not in a.body.text and "\r" not in a.version.title


@case("title-escaped-quote")
def escaped_quote(a: Loaded, _: Trace, __: bytes) -> bool:
    return '"' in a.version.title and "\\" not in a.version.title


@case("title-ent-x27")
def entity(a: Loaded, _: Trace, __: bytes) -> bool:
    return "'" in a.version.title and "&" not in a.version.title


@case("title-empty", "title-empty-C")
def empty_title(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.title != "" and any(p.code == "title-missing" for p in a.version.problems)


@case("title-brackets", "rti-truncated")
def rti(a: Loaded, how: Trace, _: bytes) -> bool:
    v = a.version
    return (
        v.kicker is not None
        and v.kicker.startswith("[")
        and not v.title.startswith("[")
        and v.truncated
        and a.body.text.endswith("...")
        and "more-link" in stripped(how)
        and v.lang == "zh-Hant"
    )


@case("date-glitch-rti")
def rti_clock(a: Loaded, _: Trace, data: bytes) -> bool:
    return a.version.published is not None and (epoch(data) - a.version.published).total_seconds() == 8 * 3600


@case("title-truncated-file-50", "econ-dropcap", "econ-cartoon", "date-econ-future")
def economist(a: Loaded, how: Trace, data: bytes) -> bool:
    v = a.version
    return (
        v.lang == "en"
        and v.published is not None
        and v.published <= epoch(data)
        and v.hero is not None
        and "dateline" in stripped(how)
        and "print edition" not in a.body.text
        and re.search(r"\b[B-HJ-Z] [A-Z]{3}", a.body.text) is None
    )


@case("title-heading-dots", "cctv-list")
def cctv(a: Loaded, _: Trace, data: bytes) -> bool:
    return len(a.body.text.split("\n")) == data.count(b"<li>") and "<ul>" in a.body.html


@case("cdt-betterfeed")
def better_feed(a: Loaded, how: Trace, _: bytes) -> bool:
    return "Better Feed" not in a.body.text and "feed-footer" in stripped(how)


@case("cdt-thepost")
def the_post(a: Loaded, how: Trace, _: bytes) -> bool:
    return "appeared first" not in a.body.text and "first-appeared" in stripped(how) and not a.version.authors


@case("cdt-wp-embed")
def embedded(a: Loaded, how: Trace, _: bytes) -> bool:
    return bool(a.version.related) and "related" in stripped(how)


@case("cdt-double-esc")
def double_escaped(a: Loaded, _: Trace, __: bytes) -> bool:
    return all("amp;" not in link for link in a.version.links) and "amp;" not in a.body.text


@case("cdt-video-only")
def video_only(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.body.text == "" and "youtube.com" in a.body.html


@case("cdt-empty")
def no_text(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.body.text == "" and any(p.code == "text-missing" for p in a.version.problems)


@case("cdt-excerpt")
def excerpt(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.truncated and a.version.size > 20


@case("cdt-repost", "name-pipe")
def repost(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.kicker is not None and "|" in a.version.kicker and "|" not in a.version.title


@case("url-fragment-external")
def elsewhere(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.source == "cdt" and a.version.key.startswith("url:") and "#" not in a.version.link


@case("rfa-std", "rfa-figure", "rfa-fb-iframe")
def rfa(a: Loaded, how: Trace, _: bytes) -> bool:
    v = a.version
    return (
        bool(v.authors)
        and all(2 <= len(name) <= 4 for name in v.authors)
        and bool(v.related)
        and (v.hero is None or (v.hero.caption or "-") not in a.body.text)
        and "网编" not in a.body.text
        and "责编" not in a.body.text
        and "related" in stripped(how)
    )


@case("date-nyt-shanghai", "nyt-briefing-promo", "nyt-taboola")
def nyt(a: Loaded, _: Trace, data: bytes) -> bool:
    v = a.version
    clock = re.search(rb"<br>(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)</i>", data)
    assert clock
    local = utc(*(int(n) for n in clock.groups()))
    return (
        v.published is not None
        and (local - v.published).total_seconds() == 8 * 3600
        and all(image.url.startswith("https://static01.nyt.com/") for image in v.images)
        and not re.search("翻译：|英文版|点击此处|上关注", a.body.text)
    )


@case("ft-std", "ft-n-content", "url-ft-full")
def ft(a: Loaded, _: Trace, __: bytes) -> bool:
    v = a.version
    return (
        v.lead is not None
        and a.body.text.startswith(v.lead)
        and v.hero is not None
        and "/unsafe/1340x754/" not in v.hero.url
        and v.key.startswith("key:")
        and not re.search(r"^译者|本文仅?代表作者", a.body.text, re.M)
    )


@case("wqw-mso")
def word(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.size > 100 and "mso-" not in a.body.html and re.search(r"\d \d", a.body.text) is None


@case("wqw-empty")
def scan(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.body.text == "" and bool(a.version.images)


@case("bitter-excerpt")
def bitter(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.truncated and "\n" not in a.body.text and a.version.lang == "zh-Hant"


@case("solidot-filler")
def solidot(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.hero is None and not a.version.images and a.version.size > 10


@case("neist-html-in-body")
def html_in_body(a: Loaded, _: Trace, __: bytes) -> bool:
    return a.version.source == "neist" and a.body.text == ""


@pytest.mark.parametrize("kind", CHECKS)
def test_the_real_hard_cases_are_read_as_their_notes_say(
    kind: str, cases: dict[str, list[tuple[str, bytes]]], reader: Reader
) -> None:
    assert cases.get(kind), f"no file shows {kind}"
    for path, data in cases[kind]:
        loaded, how = trace(SourceFile(path.partition("/")[2], data), reader)
        assert isinstance(loaded, Loaded), loaded
        assert how is not None
        assert CHECKS[kind](loaded, how, data), f"{path}: {loaded.version}"

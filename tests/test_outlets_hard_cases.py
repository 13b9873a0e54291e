"""The real hard cases of eight outlets, read as their notes say. Only structure is checked.

Needs `corpus/hard-cases.tar.xz` and its list in the data folder named by DIGEST_CORPUS.
"""

from __future__ import annotations

import csv
import os
import re
import tarfile
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from digest.loaders import Reader, trace
from digest.model import Body, Loaded, SourceFile, Trace, Version
from digest.sources import read_builtin

CORPUS = Path(os.environ.get("DIGEST_CORPUS", "../shared")) / "corpus"
OUTLETS = {"cna", "rfi", "zaobao", "reuters", "voa", "dw", "epoch", "bbc"}
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not (CORPUS / "hard-cases.tar.xz").is_file(), reason=f"no hard cases in {CORPUS} (DIGEST_CORPUS)"
    ),
]


class Case(NamedTuple):
    """One hard case: what was read from it, and its raw body."""

    kind: str
    path: str
    version: Version
    body: Body
    trace: Trace
    raw: str

    @property
    def stripped(self) -> set[str]:
        return {piece.rule for piece in self.trace.pieces if piece.kind == "stripped"}

    @property
    def comment(self) -> int:
        found = re.search(r"<!--(\d{13})-->", self.raw)
        return int(found[1]) // 1000 if found else 0

    @property
    def lag(self) -> float:
        """Hours the epoch comment lies after the published time."""
        assert self.version.published is not None
        return (self.comment - self.version.published.timestamp()) / 3600


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    reader = Reader(read_builtin(), None)
    with tarfile.open(CORPUS / "hard-cases.tar.xz") as bundle:
        members = ((m.name.removeprefix("./"), bundle.extractfile(m)) for m in bundle)
        files = {name: member.read() for name, member in members if member is not None}
    for seed in (CORPUS.parent / "seeds").glob("*.md"):
        files[f"seeds/{seed.name}"] = seed.read_bytes()
    return list(read_cases(files, reader))


def read_cases(files: dict[str, bytes], reader: Reader) -> Iterator[Case]:
    with (CORPUS / "hard-cases.tsv").open(encoding="utf-8", newline="") as listing:
        for row in csv.DictReader(listing, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], row["path"])
            loaded, traced = trace(SourceFile(path, files[path]), reader)
            assert isinstance(loaded, Loaded), (path, loaded)
            assert traced is not None
            if loaded.version.source in OUTLETS:
                raw = files[path].decode("utf-8")
                yield Case(row["case"].partition("#")[0], path, loaded.version, loaded.body, traced, raw)


def says(*words: str) -> Callable[[Case], bool]:
    return lambda case: all(word in case.body.text for word in words)


def silent(*words: str) -> Callable[[Case], bool]:
    return lambda case: not any(word in case.body.text for word in words)


def both(*checks: Callable[[Case], bool]) -> Callable[[Case], bool]:
    return lambda case: all(check(case) for check in checks)


def empty(case: Case) -> bool:
    return not case.body.text


def full(case: Case) -> bool:
    """The middle of every plain paragraph of the source stands in the text (its ends may be cut)."""
    text = re.sub(r"\s", "", case.body.text)
    plain = (re.sub(r"\s", "", p) for p in re.findall(r"<p>([^<>&*{]{12,})</p>", case.raw))
    return all(p[len(p) // 3 : -len(p) // 3] in text for p in plain)


def proxied(case: Case) -> bool:
    return case.version.hero is not None and "weserv" not in case.version.hero.url


def lazy(case: Case) -> bool:
    found = [*case.version.images, *filter(None, [case.version.hero])]
    return (
        bool(found)
        and all(p.url.startswith("https://") for p in found)
        and "data:image" not in case.body.html
    )


def kicker(words: str) -> Callable[[Case], bool]:
    return lambda case: (case.version.kicker or "").strip("：") == words and words not in case.version.title


def stripped(*rules: str) -> Callable[[Case], bool]:
    return lambda case: set(rules) <= case.stripped


def shifted(hours: float) -> Callable[[Case], bool]:
    return lambda case: abs(case.lag - hours) < 0.01


def no_hero(case: Case) -> bool:
    return case.version.hero is None


def dated_by_comment(case: Case) -> bool:
    return not case.version.day_only and abs(case.lag) < 0.01


def soon_after(case: Case) -> bool:
    return 0 <= case.lag < timedelta(days=2).total_seconds() / 3600


CHECKS: dict[str, Callable[[Case], bool]] = {
    "fmt-A-standard": both(full, dated_by_comment, proxied),
    "fmt-B-no-frontmatter": both(full, soon_after),
    "fmt-title-newline": lambda c: "\n" not in c.version.title and len(c.version.title) > 8,
    "fmt-heading-newline-B": lambda c: "\n" not in c.version.title and bool(c.version.authors),
    "title-ent-quot": lambda c: '"' in c.version.title and "&quot" not in c.version.title,
    "title-ent-double": lambda c: "&" not in c.version.title and "#" not in c.version.title,
    "title-ufffd": lambda c: "\ufffd" in c.version.title,
    "title-nbsp": lambda c: "\xa0" not in c.version.title,
    "title-zero-width": lambda c: "\u200c" not in c.version.title and c.version.title.startswith("早安世界"),
    "title-slash": lambda c: "--" not in c.version.title,
    "title-suffix-rfi": lambda c: "RFI" not in c.version.title and c.version.kicker is None,
    "title-suffix-rubric": kicker("要闻解说"),
    "title-suffix-reuters": lambda c: "路透" not in c.version.title,
    "title-prefix-suffix-reuters": both(kicker("焦点"), lambda c: c.version.title.endswith("--消息人士")),
    "title-updated-marker": lambda c: c.version.title.endswith("（更新版）"),
    "url-raw-nonascii-space": lambda c: c.version.link.isascii() and " " not in c.version.link,
    "url-question-in-slug": lambda c: bool(re.fullmatch(r"key:\d+", c.version.key)),
    "url-double-slash": lambda c: "//cn" not in c.version.link.removeprefix("http://"),
    "url-bbc-couk": lambda c: c.version.source == "bbc",
    "date-zaobao-plus8": shifted(8),
    "date-zaobao-plus8-unclamped": shifted(8),
    "date-zaobao-plus16": shifted(16),
    "date-glitch-rfi": lambda c: dict(c.trace.fields)["published"].startswith("date rule"),
    "date-dw-old": lambda c: c.lag > 24 * 27,
    "date-bbc-2014": lambda c: c.version.published is not None and c.version.published.year == 2014,
    "date-bbc-republished": both(dated_by_comment, silent("最近更新")),
    "date-bbc-relative": both(dated_by_comment, silent("分钟前")),
    "date-bbc-clock-words": both(dated_by_comment, silent("凌晨1点")),
    "date-bbc-i": both(dated_by_comment, silent("2020年 7月")),
    "date-reuters-noZ": soon_after,
    "date-reuters-empty-i": both(dated_by_comment, silent("审校", "完)")),
    "date-cna-roc-wrong": both(dated_by_comment, lambda c: not re.search(r"1\d{6}$", c.body.text)),
    "date-cna-no-roc": dated_by_comment,
    "rfi-unlock-btn": both(full, silent("继续浏览后续")),
    "rfi-divclass": both(full, silent("广告")),
    "rfi-adware-script": both(empty, lambda c: "singlactive" not in c.body.html),
    "rfi-figure-lazy": both(full, lazy),
    "rfi-video": silent("Studio RFI"),
    "rfi-default-hero": no_hero,
    "rfi-liquid": full,
    "rfi-empty-broadcast": lambda c: len(c.body.text) < 60,
    "rfi-afp": both(full, silent("© 20"), stripped("wire copyright"), lambda c: c.version.lead is None),
    "rfi-lead-spaces": lambda c: bool(c.version.lead) and c.version.lead == c.version.lead.strip(),
    "rfi-related-inline": both(silent("相关报道", "其它 /"), lambda c: len(c.version.related) >= 2),
    "cna-lazy-img": lazy,
    "cna-more-autotag": both(silent("延伸閱讀"), lambda c: len(c.version.related) >= 4),
    "cna-insertgroup": lambda c: len(c.version.related) >= 1,
    "cna-dictionary": both(silent("小檔案", "看更多"), stripped("glossary")),
    "cna-newsletter": both(silent("電子報", "電子信箱"), lambda c: "javascript" not in c.body.html),
    "cna-morning": both(silent("上午8點同步"), says("看完整報導")),
    "cna-empty": empty,
    "cna-broken-attr": full,
    "zaobao-gallery": lambda c: len(c.version.images) >= 2 and all(p.credit for p in c.version.images),
    "zaobao-hero": lambda c: c.version.hero is not None and bool(c.version.hero.caption),
    "zaobao-broken-attr": both(full, lambda c: c.version.hero is not None),
    "zaobao-no-text": both(empty, lambda c: len(c.version.images) >= 5),
    "reuters-era1": both(
        full, silent("信任原则", "审校", "完)"), stripped("dateline", "desk", "trust badge")
    ),
    "reuters-primaryasset": lambda c: (
        c.version.hero is not None and "REUTERS" in (c.version.hero.credit or "")
    ),
    "reuters-static-img": lambda c: c.version.hero is not None and "static.reuters" in c.version.hero.url,
    "reuters-md-bold": both(silent("**"), lambda c: "<h2>" in c.body.html),
    "reuters-tmsnrt": full,
    "reuters-empty": empty,
    "reuters-empty-footer": both(empty, lambda c: "feedx" not in c.body.html),
    "voa-video": lambda c: c.version.hero is not None and not c.version.hero.caption,
    "voa-audio": both(proxied, silent("YouTube", "敬请")),
    "voa-src-empty": no_hero,
    "voa-contentimage": lambda c: len(c.version.images) >= 1 and c.body.html.count("第一页") == 1,
    "voa-empty-anchor": lambda c: len(c.version.related) >= 1,
    "voa-br-pairs": lambda c: c.body.text.count("\n") >= 2,
    "voa-talkshow": both(silent("====", "YouTube"), stripped("talk show")),
    "voa-broken-alt": full,
    "dw-gallery": lambda c: c.version.published is not None and len(c.version.images) >= 4,
    "dw-video-only": lambda c: len(c.body.text) > 30,
    "dw-null-author": lambda c: len(c.version.authors) == 1 and "null" not in c.version.authors[0],
    "dw-blank-author": lambda c: "" not in c.version.authors,
    "dw-src-empty": no_hero,
    "dw-traditional": lambda c: c.version.lang == "zh-Hant",
    "dw-related-gallery": silent("相关图集", "版权声明"),
    "epoch-std": both(lambda c: len(c.version.tags) >= 1, silent("责任编辑", "【大纪元")),
    "epoch-live": silent("责任编辑"),
    "epoch-documentcloud": silent("DV.load", "责任编辑"),
    "epoch-gtx": silent("责任编辑"),
    "epoch-broken-attr": full,
    "bbc-plain-title": lambda c: len(c.body.text) <= len(c.version.title),
    "bbc-emotion": lambda c: len(c.version.authors) == 1 and bool(c.version.lead),
    "bbc-sc": both(full, lambda c: bool(c.version.lead), silent("分钟前", "小时前")),
    "bbc-hidden-h1": lambda c: "h1" not in c.body.html and c.version.title not in c.body.text,
    "bbc-nodate-era": both(full, lambda c: bool(c.version.lead), dated_by_comment),
    "bbc-mediaplayer": both(full, silent("你的器材不支持")),
    "bbc-idt2": both(full, lambda c: "font-face" not in c.body.html),
    "bbc-social": silent("结尾", "跳过"),
    "bbc-broken-alt": full,
    "perf-nbsp-run": full,
}


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_a_hard_case_is_read_as_its_note_says(kind: str, cases: list[Case]) -> None:
    found = [case for case in cases if case.kind == kind]
    assert found, f"no case of the kind {kind}"
    for case in found:
        assert CHECKS[kind](case), (case.path, case.version, case.body.text[:400])


def test_versions_of_one_article_share_a_key(cases: list[Case]) -> None:
    kinds = {case.kind for case in cases if case.kind.startswith("dup-")}
    assert kinds
    for kind in kinds:
        assert len({case.version.key for case in cases if case.kind == kind}) == 1, kind


def test_every_kind_of_hard_case_has_a_fixture() -> None:
    with (CORPUS / "hard-cases.tsv").open(encoding="utf-8", newline="") as listing:
        rows = csv.DictReader(listing, delimiter="\t", quoting=csv.QUOTE_NONE)
        kinds = {row["case"].partition("#")[0] for row in rows}
    fixtures = (Path(__file__).parent / "fixtures").glob("*/*.toml")
    kept = {kind for path in fixtures for kind in tomllib.loads(path.read_text("utf-8")).get("kinds", ())}
    assert not kinds - kept


def test_no_boilerplate_is_left_in_any_case(cases: list[Case]) -> None:
    for case in cases:
        assert not re.search(
            r"获取更多RSS|版权声明：|信任原则|继续浏览后续|延伸閱讀|分享 :", case.body.text
        ), case.path


SEEDS = {
    "000": ("rfi", "2023-11-08T08:39:00+00:00", 0, 0, "s.rfi.fr"),
    "001": ("rfi", "2023-10-06T00:11:00+00:00", 0, 0, "s.rfi.fr"),
    "002": ("voa", "2023-11-08T17:03:45+00:00", 0, 1, "gdb.voanews.com"),
    "003": ("rfi", "2023-11-09T14:43:00+00:00", 1, 3, "s.rfi.fr"),
    "004": ("zaobao", "2023-11-10T13:19:11+00:00", 0, 0, "static.zaobao.com"),
}


@pytest.mark.parametrize("number", sorted(SEEDS))
def test_a_seed_is_read_whole_and_clean(number: str) -> None:
    source, published, authors, related, host = SEEDS[number]
    path = next((CORPUS.parent / "seeds").glob(f"{number}_*.md"))
    loaded, traced = trace(SourceFile(path.name, path.read_bytes()), Reader(read_builtin(), None))
    assert isinstance(loaded, Loaded)
    assert traced is not None
    version = loaded.version
    assert version.published is not None
    assert version.hero is not None
    assert (version.source, version.published.isoformat()) == (source, published)
    assert (len(version.authors), len(version.related)) == (authors, related)
    assert version.hero.url.startswith(f"https://{host}/")
    assert bool(version.lead) == (source == "rfi")
    assert bool(version.hero.caption) == (source != "rfi")
    assert not version.problems
    assert not re.search(r"分享|作者：|同一主题|获取更多|feedx", loaded.body.text)
    case = Case(number, path.name, version, loaded.body, traced, path.read_text("utf-8"))
    assert full(case)
    assert loaded.body.text.endswith(("。", "”"))

"""What makes a commit digest's own, what may be gone on from, and how changes are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.publishing.changes import Changes, compare, describe
from digest.publishing.checkout import Lineage
from digest.publishing.commits import Commit, Mark, judge, parse_commit, site_name, write_message
from digest.publishing.git import reason, without_secret
from digest.publishing.tree import find_domain

SITE = "https://example.org/name"


def raw_commit(message: str, tree: str = "a" * 40, parents: tuple[str, ...] = ()) -> str:
    head = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    head += ["author 某 人 <a@example.org> 1700000000 +0800", "committer x <x@example.org> 1700086400 +0800"]
    return "\n".join(head) + f"\n\n{message}"


def test_a_commit_is_read_as_git_prints_it() -> None:
    raw = raw_commit("标题\n\n正文\n", parents=("b" * 40, "c" * 40))
    assert parse_commit("d" * 40, raw) == Commit(
        id="d" * 40,
        tree="a" * 40,
        parents=("b" * 40, "c" * 40),
        author="某 人",
        day="2023-11-15",
        subject="标题",
    )


LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(number=st.integers(1), site=LINE, source=st.sampled_from(["", "e" * 40]), subject=LINE, body=LINE)
def test_a_mark_is_read_as_it_was_written(
    number: int, site: str, source: str, subject: str, body: str
) -> None:
    mark = Mark(number, site_name(site, "x"), source)
    message = write_message(subject, body, mark, "a" * 40)
    assert parse_commit("d" * 40, raw_commit(message)).mark == mark
    assert parse_commit("d" * 40, raw_commit(message, tree="f" * 40)).mark is None


@pytest.mark.parametrize(
    "message",
    [
        "手写",
        "Revert\n\nThis reverts Digest-Publish: 3",
        "x\n\nDigest-Publish: 1\nDigest-Site: s",
        f"x\n\nDigest-Publish: eins\nDigest-Tree: {'a' * 40}",
        f"x\n\nDigest-Publish: 1\nDigest-Tree: {'a' * 40}\n\nand a last word",
    ],
)
def test_what_only_looks_like_a_mark_is_none(message: str) -> None:
    assert parse_commit("d" * 40, raw_commit(message)).mark is None


def commit(name: str, number: int = 0, site: str = SITE, source: str = "") -> Commit:
    mark = Mark(number, site, source) if number else None
    return Commit(name, "t", (), "某人", "2026-11-21", "标题", mark)


OURS, SENT = commit("ours", 4), commit("sent", 5)


@pytest.mark.parametrize(
    ("tip", "last", "sent", "lineage", "words"),
    [
        (None, None, None, "unknown", ""),
        (None, OURS, None, "unknown", ""),
        (OURS, OURS, None, "behind", ""),
        (SENT, OURS, SENT, "unknown", ""),
        (SENT, None, SENT, "unknown", ""),
        (commit("x"), None, None, "unknown", "was not made by digest"),
        (commit("x"), OURS, None, "unknown", "has moved since the last publish from here, ours"),
        (
            commit("x", 5, "https://other.example"),
            OURS,
            None,
            "contained",
            "holds another site, https://other",
        ),
        (commit("x", 5), None, None, "unknown", ""),
        (commit("x", 5), None, None, "contained", ""),
        (commit("x", 5), None, None, "behind", "was published from content that is not here"),
        (commit("x", 5), OURS, None, "contained", ""),
        (commit("x", 5), OURS, None, "behind", "was published from content that is not here"),
        (commit("x", 5), OURS, None, "unknown", "has moved"),
        (commit("x", 4), OURS, None, "contained", "has moved"),
        (commit("x", 3), OURS, None, "contained", "has moved"),
        (commit("x", 3), OURS, SENT, "contained", "has moved"),
    ],
)
def test_what_may_be_gone_on_from(
    tip: Commit | None, last: Commit | None, sent: Commit | None, lineage: Lineage, words: str
) -> None:
    told = judge(tip, last, sent, SITE, lineage)
    assert told.startswith(words) if words else told == ""


FILES = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123"))


@given(before=FILES, after=FILES)
def test_changes_lead_from_one_tree_to_the_other(before: dict[str, str], after: dict[str, str]) -> None:
    changes = compare(before, after, {})
    built = {path: digest for path, digest in before.items() if path not in changes.removed}
    built |= {path: after[path] for path in (*changes.added, *changes.changed)}
    assert built == after
    assert bool(changes) == (before != after)
    assert not set(changes.added) & set(before)
    assert changes.count == len({*changes.added, *changes.changed, *changes.removed})
    assert len(list(describe(changes, 2))) == 3 + min(changes.count, 2) + (changes.count > 2)


def test_changes_are_told_in_words() -> None:
    assert Changes().summary() == "no file changed"
    assert Changes(("a",)).summary() == "1 file added"
    assert Changes(("a", "b"), ("c",), ("d",)).summary() == "2 files added, 1 changed, 1 removed"
    assert Changes(removed=("d",)).summary() == "1 file removed"
    sizes = {"a": 1_500_000, "d": 20_000}
    assert list(describe(Changes(("a",), ("b",), ("d", "e"), sizes), 3)) == [
        "added          1      1.500 MB",
        "changed        1",
        "removed        2      0.020 MB",
        "+ a",
        "~ b",
        "- d",
        "… and 1 more",
    ]


@pytest.mark.parametrize(
    ("url", "cname", "domain"),
    [
        ("https://news.example.org", True, "news.example.org"),
        ("https://news.example.org/", True, "news.example.org"),
        ("https://news.example.org/digest", True, ""),
        ("https://news.example.org/digest", "other.example.org", "other.example.org"),
        ("https://news.example.org", False, ""),
        ("https://me.github.io", True, ""),
        ("https://me.github.io/news", True, ""),
        ("http://127.0.0.1", True, ""),
        ("http://127.0.0.1:8000", True, ""),
        ("http://localhost", True, ""),
        ("http://news.example.org:8080", True, ""),
        ("", True, ""),
    ],
)
def test_the_domain_is_the_sites_own(url: str, cname: bool | str, domain: str) -> None:
    assert find_domain(url, cname) == domain


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ("warning: x\nfatal: no such thing\nhint: try\n", "no such thing"),
        ("remote: counting\nremote: error: File a is 120 MB\nerror: failed to push\n", "File a is 120 MB"),
        (
            "fatal: unable to access 'https://me:secret@example.org/x/'",
            "unable to access 'https://example.org/x/'",
        ),
        ("Permission denied (publickey).\r\nfatal: Could not read\n", "Could not read"),
        ("only this\n", "only this"),
        ("", "it did not say why"),
    ],
)
def test_gits_reason_is_one_line_without_secrets(told: str, line: str) -> None:
    assert reason(told) == line
    assert reason(told.encode()) == line


def test_addresses_without_a_secret_stay() -> None:
    assert without_secret("git@example.org:me/site.git") == "git@example.org:me/site.git"
    assert without_secret("https://example.org/a@b") == "https://example.org/a@b"

"""`digest publish` to a branch: a real git, a real repository, and somebody else who pushes there too."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from remotes import Remote, git, make_remote, run_publish
from sites import Site
from test_build import article, news

MakeSite = Callable[[str], Site]


@pytest.fixture
def remote(make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    site = make_site(news(3))
    return make_remote(site, tmp_path / "bare.git", monkeypatch)


def test_the_first_publish_makes_the_branch_and_the_next_one_only_what_changed(remote: Remote) -> None:
    told = remote.publish()
    assert (told.code, told.err) == (0, "")
    assert remote.files() == remote.site.tree() | {".nojekyll": b""}
    assert remote.log() == ["Publish 3 pages, 1 story"]

    first = remote.tip()
    told = remote.publish()
    assert (told.code, told.out) == (0, told.out)
    assert f"nothing has changed since {first[:10]}" in told.out
    assert remote.tip() == first

    remote.site.write("content/voa/8.md", article(8))
    remote.site.remove("content/voa/2.md")
    told = remote.publish()
    assert told.code == 0
    assert re.search(
        r"branch gh-pages of \S+: \d+ files? added, \d+ changed, \d+ removed, commit \w{10}", told.out
    )
    assert remote.files() == remote.site.tree() | {".nojekyll": b""}
    assert remote.log() == ["Publish 3 pages, 1 story"] * 2
    assert git("rev-parse", "gh-pages^", cwd=remote.bare) == first


def test_the_message_counts_and_marks(remote: Remote) -> None:
    remote.commit_sources()
    remote.publish()
    count = len(remote.files())
    lines = git("log", "-1", "--format=%B", "gh-pages", cwd=remote.bare).splitlines()
    assert lines == [
        "Publish 3 pages, 1 story",
        "",
        f"{count} files added; {count} files in all.",
        "",
        "Digest-Publish: 1",
        "Digest-Site: https://news.example/archive",
        f"Digest-Source: {git('rev-parse', 'HEAD', cwd=remote.site.root)}",
        f"Digest-Tree: {git('rev-parse', 'gh-pages^{tree}', cwd=remote.bare)}",
    ]


def test_who_commits_is_who_git_knows_and_else_digest(remote: Remote) -> None:
    remote.publish()
    who = ("log", "-1", "--format=%an <%ae>, %cn", "gh-pages")
    assert git(*who, cwd=remote.bare) == "digest <digest@localhost>, digest"
    remote.commit_sources()
    git("config", "user.name", "编辑", cwd=remote.site.root)
    git("config", "user.email", "editor@example.org", cwd=remote.site.root)
    remote.site.write("content/voa/8.md", article(8))
    remote.publish("--allow-dirty")
    assert git(*who, cwd=remote.bare) == "编辑 <editor@example.org>, 编辑"


def test_a_publish_has_the_time_it_is_told(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    remote.publish()
    assert git("log", "-1", "--format=%at %ct %ai", "gh-pages", cwd=remote.bare).startswith(
        "1700000000 1700000000 2023-11-14 22:13:20 +0000"
    )


# --- history --------------------------------------------------------------------------------------


def test_flat_keeps_one_commit(remote: Remote) -> None:
    remote.publish()
    remote.site.write("content/voa/8.md", article(8))
    remote.publish()
    assert len(remote.log()) == 2
    told = remote.publish("--flat")  # nothing has changed but that
    assert (told.code, len(remote.log())) == (0, 1)
    assert "no file changed" in told.out
    flat = remote.tip()
    assert "nothing has changed" in remote.publish("--flat").out
    remote.site.write("content/voa/9.md", article(9))
    remote.publish("--flat")
    assert (len(remote.log()), remote.tip() != flat) == (1, True)
    assert remote.files() == remote.site.tree() | {".nojekyll": b""}
    assert remote.publish().code == 0


def test_a_flat_publish_sends_only_what_the_remote_lacks(remote: Remote) -> None:
    git("config", "receive.unpackLimit", "1", cwd=remote.bare)
    remote.publish()
    for number in (1, 2):
        before = count_packed(remote)
        remote.site.write("static/note.txt", f"第{number}次")
        remote.publish("--flat")
        assert count_packed(remote) - before < 6  # a file, a folder, a commit, what they are deltas of


def count_packed(remote: Remote) -> int:
    told = git("count-objects", "-v", cwd=remote.bare)
    return int(re.search(r"^in-pack: (\d+)", told, re.M)[1])  # type: ignore[index]


def test_flat_leaves_nothing_of_the_old_text_behind(remote: Remote) -> None:
    remote.site.edit("content/voa/0.md", "写得不长", "要撤下的话")
    remote.publish()
    own = remote.site.root / ".digest/publish.git"
    old = git("rev-parse", f"{remote.tip()}:2023/11/10/voa-7000000.html", cwd=remote.bare)
    remote.site.edit("content/voa/0.md", "要撤下的话", "写得不长")
    remote.publish("--flat")
    names = git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)", cwd=own).split()
    assert old not in names
    git("gc", "--prune=now", "--quiet", cwd=remote.bare)
    assert old not in git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)", cwd=remote.bare)


def test_site_toml_says_where_and_how(
    make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(news(1))
    site.write(
        "site.toml",
        "url = 'https://news.example.org/'\n"
        "[publish]\nremote = '../pages.git'\nbranch = 'docs/web'\nflat = true\n",
    )
    remote = make_remote(site, tmp_path / "pages.git", monkeypatch)
    monkeypatch.chdir(tmp_path)
    assert run_publish("--site", site.root).code == 0
    site.write("content/voa/8.md", article(8))
    assert run_publish("--site", site.root).code == 0
    web = Remote(site, remote.bare, "docs/web")
    assert len(web.log()) == 1
    assert web.files()["CNAME"] == b"news.example.org\n"
    assert run_publish("--site", site.root, "--history", "--branch", "other").code == 0
    assert len(Remote(site, remote.bare, "other").log()) == 1


# --- a dry run ------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_change_and_changes_nothing(remote: Remote) -> None:
    told = remote.publish("--dry-run")
    assert (told.code, git("for-each-ref", cwd=remote.bare)) == (0, "")
    remote.publish()
    before = remote.tip()
    assert remote.publish("--dry-run").out == f"branch gh-pages of {remote.bare}: would not change"
    remote.site.write("content/voa/8.md", article(8))
    remote.site.remove("content/voa/2.md")
    told = remote.publish("--dry-run")
    assert (told.code, remote.tip()) == (0, before)
    lines = told.out.splitlines()
    assert lines[0] == f"branch gh-pages of {remote.bare}: would change so"
    assert [line.split()[0] for line in lines[1:4]] == ["added", "changed", "removed"]
    assert all(re.search(r"^\w+ +\d+ +0\.\d{3} MB$", line) for line in lines[1:4])
    assert "+ 2023/11/10/voa-7000008.html" in lines
    assert "- 2023/11/10/voa-7000002.html" in lines
    assert "~ index.html" in lines


def test_a_dry_run_shows_the_changes_and_then_why_not(remote: Remote, tmp_path: Path) -> None:
    remote.commit_sources()
    remote.publish()
    remote.push_by_hand(tmp_path / "other")
    remote.site.write("content/voa/8.md", article(8))
    told = remote.publish("--dry-run")
    assert told.code == 1
    assert "+ 2023/11/10/voa-7000008.html" in told.out
    assert told.err == "1 file is not committed, first content/voa/8.md (commit, or --allow-dirty)"


def test_quiet_says_nothing(remote: Remote) -> None:
    remote.site.build()
    remote.site.write("public/stray.txt", "不是 digest 写的")
    told = remote.publish("--quiet")
    assert (told.code, told.out, told.err) == (0, "", "")
    assert "stray.txt" not in remote.files()
    told = remote.publish()
    assert told.err == "left out, for digest did not write it: 1 file stray.txt"


@pytest.mark.skipif(os.name == "nt", reason="names that Windows forbids")
def test_any_name_of_a_file_survives(remote: Remote) -> None:
    names = ['plain "quoted".txt', "back\\slash.txt", "中文 名.txt", "-n.txt", "a/b c.txt"]
    for name in names:
        remote.site.write(f"static/{name}", name)
    remote.publish()
    files = remote.files()
    assert {name: files[name].decode() for name in names} == {name: name for name in names}
    for name in names:
        remote.site.remove(f"static/{name}")
    (remote.site.root / "static/a").rmdir()
    remote.site.write("static/a", "一个文件，原来是文件夹")
    remote.publish()
    assert set(remote.files()) == {*remote.site.tree(), ".nojekyll"}
    assert remote.files()["a"]

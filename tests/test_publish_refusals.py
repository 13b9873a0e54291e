"""What `digest publish` refuses, and what it cannot work with: each is one line, and nothing is published."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from remotes import Remote, git, make_remote, run_publish
from sites import Site
from test_build import article, news
from test_cli import run

MakeSite = Callable[[str], Site]


@pytest.fixture
def remote(make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    site = make_site(news(3))
    return make_remote(site, tmp_path / "bare.git", monkeypatch)


# --- what is refused ------------------------------------------------------------------------------


def test_uncommitted_files_are_refused_and_told(remote: Remote) -> None:
    remote.commit_sources()
    assert remote.publish().code == 0
    remote.site.write("content/voa/8.md", article(8))
    remote.site.edit("content/voa/0.md", "写得不长", "写得很长")
    told = remote.publish()
    assert (told.code, told.err) == (
        1,
        "2 files are not committed, first content/voa/0.md (commit, or --allow-dirty)",
    )
    assert len(remote.log()) == 1
    assert remote.publish("--allow-dirty").code == 0
    remote.commit_sources()
    remote.site.write("notes.txt", "与网站无关")
    remote.site.write("public/notes.txt", "也无关")
    assert remote.publish().code == 0
    remote.site.write("templates/footer.html", "")
    assert "templates/footer.html" in remote.publish().err


def test_content_of_another_repository_is_looked_at_there(remote: Remote, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "0.md").write_text(article(0), "utf-8")
    git("init", "--quiet", cwd=archive)
    remote.site.edit("site.toml", "title", "content = '../archive'\ntitle")
    told = remote.publish()
    assert (told.code, "first 0.md" in told.err) == (1, True)
    git("add", "--all", cwd=archive)
    git("commit", "--quiet", "--message=稿件", cwd=archive)
    assert remote.publish().code == 0
    assert git("rev-parse", "HEAD", cwd=archive) in git(
        "log", "-1", "--format=%B", "gh-pages", cwd=remote.bare
    )


def test_an_archive_that_is_its_own_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path / "plain")
    site.write("voa/0.md", article(0))
    remote = make_remote(site, tmp_path / "bare.git", monkeypatch)
    git("init", "--quiet", cwd=site.root)
    told = remote.publish()
    assert (told.code, told.err) == (1, "1 file is not committed, first voa/0.md (commit, or --allow-dirty)")
    git("add", "voa", cwd=site.root)
    git("commit", "--quiet", "--message=稿件", cwd=site.root)
    assert remote.publish().code == 0
    assert "nothing has changed" in remote.publish().out
    assert not (site.root / ".digest").exists()


def test_problems_are_refused_under_strict(remote: Remote) -> None:
    remote.site.write(
        "content/corrections.toml", "[[article]]\nurl = 'https://example.org/no-such'\ntitle = 'x'\n"
    )
    told = remote.publish("--strict")
    assert told.code == 1
    assert told.err == "1 problems, and --strict: nothing was published (digest build --strict lists them)"
    assert remote.publish().code == 0


def test_errors_of_the_check_are_refused(remote: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    from digest import cli_publish

    monkeypatch.setattr(cli_publish, "_check", lambda *_: ["index.html: link to nowhere [dead-link]", "more"])
    told = remote.publish()
    assert told.code == 1
    assert told.err == (
        "digest check finds 2 errors, first: index.html: link to nowhere [dead-link] (digest check lists all)"
    )
    assert git("for-each-ref", cwd=remote.bare) == ""


# --- places that are no place ---------------------------------------------------------------------


def test_no_repository_and_no_remote_is_told(remote: Remote, tmp_path: Path) -> None:
    told = run_publish("--site", remote.site.root)
    assert told.code == 2
    assert re.fullmatch(
        r"there is no remote 'origin', for \S+ is in no git repository "
        r"\(--remote takes an address or a path as well\)",
        told.err,
    )
    remote.commit_sources()
    assert run_publish("--site", remote.site.root).err == (
        "there is no remote 'origin' in this repository (it has none)"
    )
    git("remote", "add", "pages", remote.bare, cwd=remote.site.root)
    told = run_publish("--site", remote.site.root)
    assert (told.code, told.err) == (2, "there is no remote 'origin' in this repository (it has pages)")
    assert run_publish("--site", remote.site.root, "--remote", "pages").code == 0
    told = remote.publish(to=tmp_path / "nowhere.git")
    assert told.code == 2
    assert told.err.startswith(f"cannot reach {tmp_path / 'nowhere.git'}: ")
    assert "\n" not in told.err
    told = remote.publish("--branch", "no..branch")
    assert (told.code, told.err) == (
        2,
        "'no..branch' is no name for a branch (expected one such as gh-pages)",
    )


def test_without_git_it_is_told(remote: Remote, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = remote.publish()
    assert (told.code, told.err) == (2, "git is not installed (expected a program 'git')")


def test_a_worktree_with_a_detached_head_publishes(remote: Remote, tmp_path: Path) -> None:
    remote.commit_sources()
    git("remote", "add", "origin", "../bare.git", cwd=remote.site.root)  # relative, as git would read it
    git("worktree", "add", "--quiet", "--detach", tmp_path / "tree", cwd=remote.site.root)
    before = git("for-each-ref", cwd=remote.site.root)
    assert run_publish("--site", tmp_path / "tree").code == 0
    assert remote.log() == ["Publish 3 pages, 1 story"]
    assert git("for-each-ref", cwd=remote.site.root) == before
    assert git("status", "--porcelain", cwd=tmp_path / "tree") == ""


def test_the_branch_of_the_sources_is_never_published_to(remote: Remote) -> None:
    remote.commit_sources()
    git("remote", "add", "origin", remote.bare, cwd=remote.site.root)
    git("push", "--quiet", "origin", "main", cwd=remote.site.root)
    told = run_publish("--site", remote.site.root, "--branch", "main", "--force")
    assert told.code == 1
    assert told.err == "branch main of origin holds the files that the site is made of (name another branch)"


def test_what_the_remote_says_is_told_on_one_line(remote: Remote) -> None:
    hook = remote.bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'error: the file is too large' >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    told = remote.publish()
    assert (told.code, told.err) == (2, f"{remote.bare} does not take it: the file is too large")
    hook.unlink()
    assert remote.publish().code == 0


def test_a_broken_repository_of_its_own_is_made_anew(remote: Remote) -> None:
    remote.publish()
    own = remote.site.root / ".digest/publish.git"
    (own / "HEAD").write_text("nonsense", "utf-8")
    remote.site.write("content/voa/8.md", article(8))
    assert remote.publish().code == 0
    assert len(remote.log()) == 2


def test_how_the_checkout_reaches_its_remotes_holds_for_publishing(remote: Remote) -> None:
    remote.commit_sources()
    git("config", f"url.{remote.bare.parent}/.insteadOf", "news:", cwd=remote.site.root)
    assert run_publish("--site", remote.site.root, "--remote", "news:bare.git").code == 0
    git("remote", "add", "origin", "news:bare.git", cwd=remote.site.root)
    assert "nothing has changed" in run_publish("--site", remote.site.root).out


def test_a_password_in_an_address_is_never_shown(remote: Remote) -> None:
    told = run_publish("--site", remote.site.root, "--remote", "http://me:secret@127.0.0.1:1/site.git")
    assert told.code == 2
    assert "127.0.0.1:1/site.git" in told.err
    assert "secret" not in told.err
    for file in (remote.site.root / ".digest").rglob("*"):
        assert not file.is_file() or b"secret" not in file.read_bytes(), file


def test_a_hooks_surroundings_do_not_mislead(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    done = remote.publish()
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name)
    assert done.code == 0
    assert remote.log() == ["Publish 3 pages, 1 story"]


def test_on_the_command_line_a_reason_is_one_line_and_an_exit_code(remote: Remote) -> None:
    remote.commit_sources()
    remote.site.write("content/voa/8.md", article(8))
    done = run("publish", "--site", remote.site.root, "--remote", remote.bare)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "1 file is not committed, first content/voa/8.md (commit, or --allow-dirty)\n"
    done = run("publish", "--site", remote.site.root, "--remote", "nowhere")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    done = run("publish", "--site", remote.site.root, "--remote", "nowhere", "--allow-dirty")
    assert (done.returncode, done.stderr) == (
        2,
        "there is no remote 'nowhere' in this repository (it has none)\n",
    )

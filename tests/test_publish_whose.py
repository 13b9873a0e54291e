"""`digest publish` and whose the branch is: somebody else's, another machine's, another site's."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remotes import SOMEBODY, Remote, git, make_remote, run_publish
from sites import Site
from test_build import article, news

MakeSite = Callable[[str], Site]


@pytest.fixture
def remote(make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    site = make_site(news(3))
    return make_remote(site, tmp_path / "bare.git", monkeypatch)


# --- whose branch it is ---------------------------------------------------------------------------


def test_a_branch_that_digest_did_not_make_is_left_alone(remote: Remote, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git("clone", "--quiet", remote.bare, other, cwd=tmp_path)
    git("checkout", "--quiet", "-b", "gh-pages", cwd=other)
    (other / "index.html").write_text("手写的网站", "utf-8")
    git("add", "--all", cwd=other)
    git("commit", "--quiet", "--message=手写", cwd=other)
    git("push", "--quiet", "origin", "gh-pages", cwd=other)
    before = remote.tip()

    told = remote.publish()
    assert told.code == 1
    assert re.fullmatch(
        r"branch gh-pages of \S+ was not made by digest: it is at \w{10} '手写' by 某人 of \d{4}-\d\d-\d\d "
        r"\(--force publishes over it\)",
        told.err,
    )
    assert remote.tip() == before

    assert remote.publish("--force").code == 0
    assert remote.files() == remote.site.tree() | {".nojekyll": b""}
    assert git("rev-parse", "gh-pages^", cwd=remote.bare) == before  # and nothing of it is lost
    assert remote.publish().code == 0


def test_a_branch_that_somebody_pushed_to_is_refused_and_told(remote: Remote, tmp_path: Path) -> None:
    remote.publish()
    last = remote.tip()
    moved = remote.push_by_hand(tmp_path / "other")
    remote.site.write("content/voa/8.md", article(8))
    told = remote.publish()
    assert told.code == 1
    assert told.err.startswith(
        f"branch gh-pages of {remote.bare} has moved since the last publish from here, {last[:10]}: "
        f"now at {moved[:10]} '手改' by 某人 of "
    )
    assert "\n" not in told.err
    assert remote.tip() == moved
    assert remote.publish("--force").code == 0
    assert remote.files() == remote.site.tree() | {".nojekyll": b""}


def test_a_branch_that_somebody_rewrote_is_refused_and_told(remote: Remote, tmp_path: Path) -> None:
    remote.publish()
    amended = remote.push_by_hand(tmp_path / "other", "--amend", "--no-edit")
    told = remote.publish()
    assert (told.code, remote.tip()) == (1, amended)
    assert "has moved since the last publish from here" in told.err
    # The message is digest's own still, with its mark, but not the tree it was made with.
    assert "Digest-Publish: 1" in git("log", "-1", "--format=%B", amended, cwd=remote.bare)


def test_a_branch_that_somebody_set_back_is_refused_and_told(remote: Remote, tmp_path: Path) -> None:
    remote.commit_sources()
    remote.publish()
    first = remote.tip()
    remote.site.write("content/voa/8.md", article(8))
    remote.commit_sources()
    remote.publish()
    clone = remote.clone(tmp_path / "other")
    git("push", "--quiet", "--force", "origin", f"{first}:gh-pages", cwd=clone)
    told = remote.publish()
    assert (told.code, remote.tip()) == (1, first)
    assert "has moved since the last publish from here" in told.err


def test_a_branch_that_somebody_removed_is_made_again(remote: Remote) -> None:
    remote.publish()
    git("update-ref", "-d", "refs/heads/gh-pages", cwd=remote.bare)
    assert remote.publish().code == 0
    assert remote.files() == remote.site.tree() | {".nojekyll": b""}


def test_a_branch_moved_at_the_last_moment_is_refused(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digest.publishing import publish as publishing

    remote.publish()
    remote.site.write("content/voa/8.md", article(8))
    push = publishing.push

    def push_too_late(*arguments: object) -> None:
        remote.push_by_hand(tmp_path / "other")
        push(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "push", push_too_late)
    told = remote.publish()
    assert told.code == 1
    assert told.err.endswith("was moved while this was being published (publish again)")
    assert remote.log()[0] == "手改"


def test_another_sites_branch_is_refused(remote: Remote, make_site: MakeSite) -> None:
    remote.publish()
    other = Remote(make_site(news(1)), remote.bare)
    other.site.write("site.toml", "title = '另一份'\n")
    told = other.publish()
    assert told.code == 1
    assert "holds another site, https://news.example/archive: this one is 另一份" in told.err


def test_a_site_without_articles_does_not_empty_the_branch(remote: Remote) -> None:
    remote.publish()
    for file in (remote.site.root / "content").rglob("*.md"):
        file.unlink()
    told = remote.publish()
    assert told.code == 1
    assert "the site has no article" in told.err
    assert remote.publish("--force").code == 0


# --- the same site, published from two places -----------------------------------------------------


def clone_site(remote: Remote, place: Path, *options: str) -> Remote:
    git("clone", "--quiet", *options, f"file://{remote.site.root}", place, cwd=remote.bare)
    return Remote(Site(place), remote.bare)


def test_a_publish_from_elsewhere_is_gone_on_from_where_it_is_older(remote: Remote, tmp_path: Path) -> None:
    remote.commit_sources()
    remote.publish()
    elsewhere = clone_site(remote, tmp_path / "elsewhere")
    elsewhere.site.write("content/voa/8.md", article(8))
    elsewhere.commit_sources()
    assert elsewhere.publish().code == 0

    told = remote.publish()
    assert told.code == 1
    assert "was published from content that is not here" in told.err
    assert told.err.endswith("(pull, or --force)")
    git("pull", "--quiet", elsewhere.site.root, "main", cwd=remote.site.root)
    assert "nothing has changed" in remote.publish().out
    remote.site.write("content/voa/9.md", article(9))
    remote.commit_sources()
    assert remote.publish().code == 0
    assert (
        git(
            "log", "-1", "--format=%(trailers:key=Digest-Publish,valueonly)", "gh-pages", cwd=remote.bare
        ).strip()
        == "3"
    )


def test_a_shallow_checkout_of_a_new_machine_goes_on(remote: Remote, tmp_path: Path) -> None:
    remote.commit_sources()
    remote.publish()
    remote.site.write("content/voa/8.md", article(8))
    remote.commit_sources()
    runner = clone_site(remote, tmp_path / "runner", "--depth=1")
    assert runner.publish().code == 0
    assert len(remote.log()) == 2


def test_without_a_repository_a_publish_from_elsewhere_is_somebody_elses(
    remote: Remote, make_site: MakeSite
) -> None:
    remote.publish()
    twin = Remote(make_site(news(4)), remote.bare)
    assert twin.publish().code == 0  # nothing is known there of an earlier one
    assert "has moved since the last publish from here" in remote.publish().err


def missing_objects(runner: Remote) -> list[str]:
    own = runner.site.root / ".digest/publish.git"
    listed = git("rev-list", "--objects", "--all", "--missing=print", cwd=own)
    return [line for line in listed.splitlines() if line.startswith("?")]


def test_only_what_is_needed_is_fetched(remote: Remote, tmp_path: Path) -> None:
    git("config", "uploadpack.allowFilter", "true", cwd=remote.bare)
    remote.commit_sources()
    remote.publish()
    runner = clone_site(remote, tmp_path / "runner")
    place = f"file://{remote.bare}"
    for number, history in enumerate(("--history", "--flat", "--flat", "--history")):
        runner.site.write(f"content/voa/{number + 8}.md", article(number + 8))
        runner.site.remove(f"content/voa/{number if number < 3 else 8}.md")
        runner.commit_sources()
        old = git("rev-parse", "gh-pages:index.html", cwd=remote.bare)
        told = run_publish("--site", runner.site.root, "--remote", place, history)
        assert (told.code, told.err) == (0, "")
        missing = missing_objects(runner)
        assert len(missing) >= 3  # what never changed
        assert number or f"?{old}" in missing  # nor what did, as it was
        assert remote.files() == runner.site.tree() | {".nojekyll": b""}
    assert len(remote.log()) == 2
    git("fsck", "--strict", cwd=remote.bare)


FOLDERS = st.sampled_from(["", "a/", "a/b/", "c d/", "中/"])
TREES = st.dictionaries(
    st.builds("{}{}".format, FOLDERS, st.sampled_from(["x", "y", "z.html"])), st.binary(max_size=4)
)


@settings(max_examples=15)
@given(trees=st.lists(TREES, min_size=1, max_size=4))
def test_the_branch_always_holds_the_tree(
    trees: list[dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from digest.publishing import branch as branches
    from digest.publishing.changes import compare
    from digest.publishing.checkout import Remote as Target
    from digest.publishing.tree import Leaf

    root = tmp_path_factory.mktemp("trees")
    (root / "bare.git").mkdir()
    git("init", "--quiet", "--bare", cwd=root / "bare.git")
    target = Target("bare", str(root / "bare.git"))
    for number, files in enumerate(trees):
        tree = {path: Leaf("", data, "", len(data)) for path, data in {**files, "index.html": b""}.items()}
        cache = root / f"cache-{number % 2}"  # now it is known what was published last, now it is not
        with branches.open_branch(target, "pages", cache) as branch:
            state = branches.look(branch)
            changes = compare(state.files, branches.name_objects(tree), {})
            made = branches.import_tree(branch, state.tip, tree, changes)
            parent = None if number == 2 else state.tip
            commit = branches.make_commit(
                branch, made, parent, "x", {**SOMEBODY, "GIT_COMMITTER_DATE": f"@{number} +0000"}
            )
            branches.push(branch, state.tip, commit)
            branches.tidy(branch, purge=number == 2)
        assert Remote(Site(root), root / "bare.git", "pages").files() == {
            path: leaf.data for path, leaf in tree.items()
        }

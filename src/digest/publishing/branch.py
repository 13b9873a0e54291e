"""A site on a git branch.

Objects are made in a repository of digest's own, `.digest/publish.git`: neither the site's checkout
nor its branches are touched, so it may be a worktree, have a detached HEAD, or not be there at all.
Of a branch that is not known here only commits and folders are fetched, no files. `git fast-import`
gets the files that differ and nothing else (first publish of 41,000 files and 234 MB: 9 s and 33 MB of
memory; one with few changes: 0.9 s, most of it hashing).
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from digest.publishing.changes import Changes
from digest.publishing.checkout import Remote
from digest.publishing.commits import Commit, parse_commit
from digest.publishing.errors import PublishError, Refusal
from digest.publishing.git import Git, reason
from digest.publishing.tree import Tree

_PLAIN = "100644"
_IMPORTED, _FETCHED = "refs/digest/imported", "refs/digest/fetched"


class Branch(Struct, frozen=True):
    """A branch of a remote, seen from the repository `git` where its commits are made."""

    git: Git
    remote: Remote
    name: str

    @property
    def ref(self) -> str:
        """The branch, as the remote calls it."""
        return f"refs/heads/{self.name}"

    @property
    def last_ref(self) -> str:
        """The commit that was last pushed from here."""
        return f"refs/published/{_short(self.remote.url)}/{self.name}"

    @property
    def sent_ref(self) -> str:
        """A commit that was about to be pushed, when it is not known what came of it."""
        return f"refs/sent/{_short(self.remote.url)}/{self.name}"

    def __str__(self) -> str:
        return f"branch {self.name} of {self.remote.name}"


class State(Struct, frozen=True):
    """What is known of a branch: its newest commit, the newest pushed from here, and one that was
    about to be pushed; `files` are those of the newest commit, `mode id` by path."""

    tip: Commit | None = None
    last: Commit | None = None
    sent: Commit | None = None
    files: Mapping[str, str] = {}


@contextmanager
def open_branch(remote: Remote, name: str, cache: Path | None) -> Iterator[Branch]:
    """A branch, with the repository for it in the folder `cache`, or for this once only."""
    with tempfile.TemporaryDirectory(prefix="digest-") as passing:
        place = (cache or Path(passing)) / "publish.git"
        git = Git(("--git-dir", str(place)))
        if git.code("check-ref-format", f"refs/heads/{name}") or name.startswith("-"):
            raise PublishError(f"{name!r} is no name for a branch (expected one such as gh-pages)")
        if place.exists() and git.ask("rev-parse", "--is-bare-repository") != "true":
            shutil.rmtree(place)  # all that was in it can be fetched or made again
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            git.run("init", "--quiet", "--bare", "--template=")
        own = (
            ("remote.target.url", remote.url),
            ("gc.autoDetach", "false"),
            ("repack.writeBitmaps", "false"),  # which a repository that lacks files cannot have
        )
        yield Branch(replace(git, settings=(*remote.settings, *own)), remote, name)


def look(branch: Branch) -> State:
    """How the branch stands at the remote. Raises PublishError where that cannot be reached."""
    git = branch.git
    last, sent = (_find_commit(git, ref) for ref in (branch.last_ref, branch.sent_ref))
    code, listed, told = git.attempt("ls-remote", "--quiet", "target", branch.ref)
    if code:
        raise PublishError(f"cannot reach {branch.remote.name}: {reason(told)}")
    names = [line.partition("\t")[0] for line in listed.splitlines() if line.endswith(f"\t{branch.ref}")]
    if not names:
        return State(None, last, sent)
    known = {commit.id: commit for commit in (sent, last) if commit}
    tip = known.get(names[0]) or _fetch(branch)
    try:
        return State(tip, last, sent, _list_files(git, tip))
    except PublishError as error:
        raise PublishError(error.message, hint=f"{git.place[1]} is damaged, and can be deleted") from error


def _find_commit(git: Git, ref: str) -> Commit | None:
    name = git.ask("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    return parse_commit(name, git.run("cat-file", "commit", name)) if name else None


def _fetch(branch: Branch) -> Commit:
    git = branch.git
    what = ("target", f"+{branch.ref}:{_FETCHED}")
    code, _, told = git.attempt(
        "fetch", "--quiet", "--depth=1", "--filter=blob:none", "--no-tags", "--no-write-fetch-head", *what
    )
    tip = None if code else _find_commit(git, _FETCHED)
    if tip is None:
        raise PublishError(f"cannot fetch {branch}: {reason(told)}")
    # Git would now fetch any file it comes across; none is needed, and deltas are not worth it.
    git.code("config", "--remove-section", "remote.target")
    return tip


def _list_files(git: Git, commit: Commit) -> dict[str, str]:
    files: dict[str, str] = {}
    for entry in git.run("ls-tree", "-r", "-z", "--full-tree", commit.id).split("\0"):
        if entry:
            facts, _, path = entry.partition("\t")
            mode, _, name = facts.split(" ")
            files[path] = f"{mode} {name}"
    return files


def name_objects(tree: Tree) -> dict[str, str]:
    """The files of a tree as a commit would list them: `mode id` by path."""
    names: dict[str, str] = {}
    for path, leaf in tree.items():
        data = leaf.read()
        name = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
        name.update(data)
        names[path] = f"{_PLAIN} {name.hexdigest()}"
    return names


def measure(branch: Branch, state: State, paths: Collection[str]) -> dict[str, int]:
    """Bytes of files of the newest commit, of those that happen to be here."""
    names = {path: state.files[path].split(" ")[1] for path in paths}
    asked = "".join(f"{name}\n" for name in sorted(set(names.values()))).encode()
    told = branch.git.run("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=asked)
    pairs = (line.split(" ") for line in told.splitlines())
    sizes = {name: int(size) for name, size in pairs if size.isdecimal()}
    return {path: sizes[name] for path, name in names.items() if name in sizes}


def import_tree(branch: Branch, base: Commit | None, tree: Tree, changes: Changes) -> str:
    """Makes the tree that `changes` lead to from `base`, and gives its id."""
    if base and not changes:
        return base.tree
    git = branch.git
    git.feed("fast-import", "--quiet", "--force", "--done", stdin=_instruct(base, tree, changes))
    name = git.run("rev-parse", f"{_IMPORTED}^{{tree}}").strip()
    git.run("update-ref", "-d", _IMPORTED)
    return name


def _instruct(base: Commit | None, tree: Tree, changes: Changes) -> Iterator[bytes]:
    """A stream for `git fast-import`. Its commit only carries the tree: it is thrown away."""
    yield f"commit {_IMPORTED}\ncommitter digest <> 0 +0000\ndata 0\n".encode()
    if base:
        yield f'M 040000 {base.tree} ""\n'.encode()
    for path in changes.removed:  # first, for a folder may stand where a file stood
        yield b"D %s\n" % _quote(path)
    for path in (*changes.added, *changes.changed):
        data = tree[path].read()
        yield b"M %s inline %s\ndata %d\n" % (_PLAIN.encode(), _quote(path), len(data))
        yield data
        yield b"\n"
    yield b"done\n"


def _quote(path: str) -> bytes:
    text = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'.encode("utf-8", "surrogateescape")


def make_commit(
    branch: Branch, tree: str, parent: Commit | None, message: str, who: Mapping[str, str]
) -> Commit:
    """A commit of `tree`. `who` are the variables that tell git the author and the time."""
    after = ("-p", parent.id) if parent else ()
    made = branch.git.run("commit-tree", *after, "-F", "-", tree, stdin=message.encode(), **who)
    return parse_commit(made.strip(), branch.git.run("cat-file", "commit", made.strip()))


def push(branch: Branch, tip: Commit | None, commit: Commit) -> None:
    """Moves the branch from `tip`, or from nothing, to `commit`. Raises Refusal where somebody else has
    moved it meanwhile, and PublishError where the remote does not take it."""
    git = branch.git
    git.run("update-ref", branch.sent_ref, commit.id)
    if tip:
        # A commit without a parent shares no history with the tip, and git would send all files again:
        # only in a shallow repository does it look at what the tip's folders hold.
        Path(git.place[1], "shallow").write_text(f"{tip.id}\n", "ascii")
    lease = f"--force-with-lease={branch.ref}:{tip.id if tip else ''}"
    code, told, complaint = git.attempt(
        "push", "--porcelain", "--thin", "--no-verify", lease, "target", f"{commit.id}:{branch.ref}"
    )
    if code:
        refused = next((line for line in told.splitlines() if line.startswith("!")), "")
        if "stale info" in refused or "fetch first" in refused or "but expected" in complaint:
            raise Refusal(f"{branch} was moved while this was being published", hint="publish again")
        raise PublishError(f"{branch.remote.name} does not take it: {reason(complaint)}")
    git.run("update-ref", branch.last_ref, commit.id)
    git.run("update-ref", "-d", branch.sent_ref)


def tidy(branch: Branch, *, purge: bool) -> None:
    """Packs what has come together; with `purge` nothing stays that the branch no longer has."""
    git = branch.git
    if git.ask("rev-parse", "--verify", "--quiet", _FETCHED):
        git.run("update-ref", "-d", _FETCHED)
    lacking = replace(git, settings=(*git.settings, ("remote.target.promisor", "true")))
    lacking.run("gc", "--quiet", *(("--prune=now",) if purge else ("--auto",)))


def _short(url: str) -> str:
    return hashlib.blake2b(url.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()

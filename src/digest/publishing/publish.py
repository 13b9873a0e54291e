"""A publish to a branch: first what it would do and what speaks against it, then the deed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from digest.places import cache_folder
from digest.publishing.branch import (
    Branch,
    State,
    import_tree,
    look,
    make_commit,
    measure,
    name_objects,
    open_branch,
    push,
    tidy,
)
from digest.publishing.changes import Changes, compare
from digest.publishing.checkout import (
    Source,
    find_identity,
    find_remote,
    find_source,
    find_uncommitted,
    trace,
)
from digest.publishing.commits import Commit, Mark, judge, site_name, write_message
from digest.publishing.errors import Refusal
from digest.publishing.tree import Tree

if TYPE_CHECKING:
    from digest.build.report import BuildReport
    from digest.config import SiteConfig


class Destination(Struct, frozen=True):
    """The branch to publish to, as it was asked for. `beside` is where a relative path starts."""

    remote: str
    branch: str
    beside: Path
    flat: bool = False
    force: bool = False


class Plan(Struct, frozen=True):
    """What publishing would do. `refusal` is why it must not; with `flat` no older commit stays."""

    branch: Branch
    state: State
    tree: Tree
    changes: Changes
    mark: Mark
    flat: bool = False
    refusal: Refusal | None = None

    @property
    def drops_history(self) -> bool:
        """Whether older commits leave the branch."""
        return self.flat and self.state.tip is not None and bool(self.state.tip.parents)

    def find_takedowns(self, report: BuildReport) -> list[str]:
        """Articles on the branch whose place a tombstone now takes."""
        changed = set(self.changes.changed)
        return [url for url in report.tombstones if url[1:] in changed]

    def does_anything(self) -> bool:
        """Whether there is anything to publish."""
        return bool(self.changes) or self.drops_history or self.state.tip is None


def refuse_uncommitted(config: SiteConfig) -> None:
    """Raises Refusal where the site is made of files that are not committed."""
    if paths := find_uncommitted(config):
        count = "1 file is" if len(paths) == 1 else f"{len(paths):,} files are"
        raise Refusal(f"{count} not committed, first {paths[0]}", hint="commit, or --allow-dirty")


def refuse_lost_takedowns(report: BuildReport) -> None:
    """Raises Refusal where the list of takedowns could not be read whole: what it asks for would be
    published."""
    for problem in report.problems:
        if problem.path.endswith("takedown.toml") and not problem.code.startswith("takedown-"):
            raise Refusal(str(problem), hint="nothing is published before that is mended")


@contextmanager
def plan_publish(
    config: SiteConfig, destination: Destination, tree: Tree, report: BuildReport
) -> Iterator[Plan]:
    """What publishing `tree`, built as `report` tells, would do. Nothing is written to the remote.

    Raises PublishError where the remote or the branch cannot be used at all.
    """
    remote = find_remote(destination.remote, config.site, destination.beside)
    source = find_source(config)
    with open_branch(remote, destination.branch, cache_folder(config)) as branch:
        state = look(branch)
        tip = state.tip
        names = name_objects(tree)
        sizes = {path: leaf.size for path, leaf in tree.items()}
        gone = [path for path in state.files if path not in names]
        changes = compare(state.files, names, measure(branch, state, gone) | sizes)
        known = [c.mark.number for c in (tip, state.last, state.sent) if c and c.mark]
        site = site_name(config.url, config.title)
        yield Plan(
            branch=branch,
            state=state,
            tree=tree,
            changes=changes,
            mark=Mark(max(known, default=0) + 1, site, source[1] if source else ""),
            flat=destination.flat,
            refusal=_find_refusal(branch, state, site, source, force=destination.force)
            or (None if destination.force else _find_loss(branch, state, tree, report)),
        )


def _find_refusal(
    branch: Branch, state: State, site: str, source: Source | None, *, force: bool
) -> Refusal | None:
    tip = state.tip
    if tip and source and trace(source, tip.id) == "contained":
        return Refusal(f"{branch} holds the files that the site is made of", hint="name another branch")
    lineage = trace(source, tip.mark.source) if tip and tip.mark else "unknown"
    why = "" if force else judge(tip, state.last, state.sent, site, lineage)
    remedy = "pull, or --force" if lineage == "behind" else "--force publishes over it"
    return Refusal(f"{branch} {why}", hint=remedy) if why else None


def _find_loss(branch: Branch, state: State, tree: Tree, report: BuildReport) -> Refusal | None:
    if report.pages or len(state.files) <= len(tree):
        return None
    message = f"the site has no article, and {branch} has {len(state.files):,} files"
    return Refusal(message, hint="--force publishes over it")


def carry_out(plan: Plan, report: BuildReport, who: dict[str, str]) -> Commit:
    """Does what the plan says. Raises Refusal where it must not be done."""
    if plan.refusal:
        raise plan.refusal
    branch, tip = plan.branch, plan.state.tip
    tree = import_tree(branch, tip, plan.tree, plan.changes)
    subject = f"Publish {_count(report.pages, 'page')}, {_count(report.threads, 'story', 'stories')}"
    body = f"{plan.changes.summary()}; {_count(len(plan.tree), 'file')} in all.".capitalize()
    message = write_message(subject, body, plan.mark, tree)
    commit = make_commit(branch, tree, None if plan.flat else tip, message, who)
    push(branch, tip, commit)
    tidy(branch, purge=plan.flat)
    return commit


def sign(config: SiteConfig, when: datetime) -> dict[str, str]:
    """Who publishes, and when: the variables that git reads."""
    moment = f"@{int(when.timestamp())} +0000"
    return find_identity(config.site) | {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"

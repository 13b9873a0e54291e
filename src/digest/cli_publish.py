"""`digest publish`: the site to a git branch, a folder or an archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from digest.cli_options import FolderPath, content_option, read_now, site_option, workers_option
from digest.config import load_config

if TYPE_CHECKING:
    from digest.build.report import BuildReport
    from digest.config import SiteConfig
    from digest.publishing.changes import Changes
    from digest.publishing.errors import Refusal
    from digest.publishing.publish import Plan
    from digest.publishing.tree import Tree

_NAMED = 20


class _Wanted(Struct, frozen=True, kw_only=True):
    """What the command line asks for: its options, by their names."""

    remote: str | None
    branch: str | None
    flat: bool | None
    to: Path | None
    dry_run: bool
    force: bool
    allow_dirty: bool
    strict: bool
    quiet: bool


@click.command()
@site_option
@content_option
@workers_option
@click.option("--remote", metavar="NAME|URL", help="A remote of the site's repository, an address or a path.")
@click.option("--branch", metavar="NAME", help="The branch that holds the site and nothing else.")
@click.option("--flat/--history", default=None, help="One commit without history, or one more (the default).")
@click.option("--to", type=FolderPath, metavar="DIR|FILE",
              help="To a folder or an archive (.tar.gz, .tgz, .tar) instead.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Build, say what publishing would change, and stop.")
@click.option("--force", is_flag=True, help="Publish over a branch that somebody else made or has moved.")
@click.option("--allow-dirty", is_flag=True, help="Publish although files of the site are not committed.")
@click.option("--strict", is_flag=True, help="Publish nothing if the build has any problem.")
@click.option("--quiet", is_flag=True, help="Say nothing but why nothing was published.")
def publish(site: Path, content: tuple[Path, ...], workers: int | None, **asked: Any) -> None:
    """Build the site, check it, and publish it.

    It goes to the branch gh-pages of the remote origin, or where [publish] in site.toml says: one commit
    with what has changed, none where nothing has. Only a branch that digest made, and that nobody
    else has moved, is published over.

    \b
    Examples:
      digest publish --dry-run
      digest publish --remote git@example.org:me/site.git --branch pages
      digest publish --to /var/www/site
      digest publish --to site.tar.gz
    """  # noqa: D301 - click reads the backspace
    wanted = _Wanted(**asked)
    if wanted.to and (wanted.remote or wanted.branch or wanted.flat is not None or wanted.force):
        raise click.UsageError("--to goes with none of --remote, --branch, --flat, --history and --force")
    _publish(load_config(site, content=content), wanted, workers)


def _publish(config: SiteConfig, wanted: _Wanted, workers: int | None) -> None:
    from digest.build.pipeline import StrictError, build_site  # noqa: PLC0415 - not for --help
    from digest.publishing.errors import Refusal  # noqa: PLC0415
    from digest.publishing.publish import refuse_lost_takedowns, refuse_uncommitted  # noqa: PLC0415
    from digest.publishing.tree import gather  # noqa: PLC0415

    found: list[Refusal] = []

    def hold(refusal: Refusal) -> None:
        if not wanted.dry_run:
            raise refusal
        found.append(refusal)

    if not wanted.allow_dirty:
        try:
            refuse_uncommitted(config)
        except Refusal as refusal:
            hold(refusal)
    try:
        report = build_site(config, workers=workers, strict=wanted.strict, now=read_now())
    except StrictError as error:
        raise Refusal(error.message, hint="digest build --strict lists them") from None
    refuse_lost_takedowns(report)
    tree = gather(config)
    _tell_strangers(config, tree, wanted)

    def check() -> None:
        if errors := _check(config, report):
            count = "1 error" if len(errors) == 1 else f"{len(errors):,} errors, first"
            hold(Refusal(f"digest check finds {count}: {errors[0]}", hint="digest check lists all"))

    if wanted.to is None:
        _to_branch(config, wanted, tree, report, hold, check)
    else:
        _to_place(config, wanted, wanted.to, tree, check)
    if found:
        raise found[0]


def _check(config: SiteConfig, report: BuildReport) -> Sequence[str]:
    """One line for each finding that `digest check` takes for an error."""
    from digest.checking import find_errors  # noqa: PLC0415

    return find_errors(config, report)


def _tell_strangers(config: SiteConfig, tree: Tree, wanted: _Wanted) -> None:
    from digest.publishing.tree import find_strangers  # noqa: PLC0415

    strangers = find_strangers(config.output, tree)
    if strangers and not wanted.quiet:
        count = "1 file" if len(strangers) == 1 else f"{len(strangers):,} files, first"
        click.echo(f"left out, for digest did not write it: {count} {strangers[0]}", err=True)


def _to_branch(
    config: SiteConfig,
    wanted: _Wanted,
    tree: Tree,
    report: BuildReport,
    hold: Callable[[Refusal], None],
    check: Callable[[], None],
) -> None:
    from digest.publishing.publish import Destination, carry_out, plan_publish, sign  # noqa: PLC0415

    destination = Destination(
        remote=wanted.remote or config.publish.remote,
        branch=wanted.branch or config.publish.branch,
        beside=Path() if wanted.remote else Path(config.site),
        flat=config.publish.flat if wanted.flat is None else wanted.flat,
        force=wanted.force,
    )
    with plan_publish(config, destination, tree, report) as plan:
        if plan.refusal:
            hold(plan.refusal)
        if plan.does_anything():
            check()
        tip = plan.state.tip
        if wanted.dry_run:
            _tell_changes(str(plan.branch), plan.changes)
            if plan.drops_history:
                click.echo("older commits would leave the branch")
            _tell_takedowns(plan, report, wanted)
        elif not plan.does_anything():
            _tell(
                wanted, f"{plan.branch}: nothing has changed since {tip.id[:10]} of {tip.day}" if tip else ""
            )
        else:
            commit = carry_out(plan, report, sign(config, read_now() or datetime.now(UTC)))
            one = ", one commit without history" if plan.flat else ""
            _tell(wanted, f"{plan.branch}: {plan.changes.summary()}, commit {commit.id[:10]}{one}")
            _tell_takedowns(plan, report, wanted)


def _tell_takedowns(plan: Plan, report: BuildReport, wanted: _Wanted) -> None:
    if new := plan.find_takedowns(report):
        what = new[0] if len(new) == 1 else f"{len(new):,} articles, first {new[0]}"
        where = (
            "is off the branch, and may be in" if plan.flat else "is still in the branch's history, and in"
        )
        remedy = "" if plan.flat else "; digest publish --flat drops the history"
        _tell(wanted, f"newly taken down: {what}. The text {where} copies that others made{remedy}")


def _to_place(config: SiteConfig, wanted: _Wanted, to: Path, tree: Tree, check: Callable[[], None]) -> None:
    from digest.publishing.archive import is_archive, write_archive  # noqa: PLC0415
    from digest.publishing.folder import copy_to, look_at  # noqa: PLC0415
    from digest.publishing.tree import total_size  # noqa: PLC0415

    counted = f"{len(tree):,} files, {total_size(tree) / 1e6:,.1f} MB"
    if not is_archive(to.name):
        changes = look_at(to, config, tree)
        if changes:
            check()
        if wanted.dry_run:
            _tell_changes(str(to), changes)
        else:
            copy_to(to, tree, changes)
            _tell(wanted, f"{to}: {changes.summary()}; {counted} in all")
        return
    check()
    if wanted.dry_run:
        click.echo(f"{to} would hold {counted}")
    else:
        size = write_archive(to, tree)
        _tell(wanted, f"{to}: {counted}, packed {size / 1e6:,.1f} MB")


def _tell_changes(where: str, changes: Changes) -> None:
    from digest.publishing.changes import describe  # noqa: PLC0415

    click.echo(f"{where}: would change so" if changes else f"{where}: would not change")
    for line in describe(changes, _NAMED) if changes else ():
        click.echo(line)


def _tell(wanted: _Wanted, text: str) -> None:
    if not wanted.quiet:
        click.echo(text)

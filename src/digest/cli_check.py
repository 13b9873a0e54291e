"""`digest check`: what is wrong with the built site and its archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from digest.cli_options import (
    FolderPath,
    content_option,
    read_now,
    site_option,
    url_option,
    workers_option,
)
from digest.config import load_config

if TYPE_CHECKING:
    from digest.checking.run import Report
    from digest.config import SiteConfig

Format = Literal["text", "json", "github"]


def _explain(context: click.Context, _option: click.Parameter, code: str | None) -> None:
    if code is None or context.resilient_parsing:
        return
    from digest.checking.codes import explain, read_codes  # noqa: PLC0415 - not for --help
    from digest.schema import suggest  # noqa: PLC0415

    if code not in read_codes():
        near = suggest(code, read_codes()) or " (docs/pages/checking.md lists all)"
        raise click.UsageError(f"{code!r} is no code of a finding{near}")
    click.echo(explain(code), nl=False)
    raise SystemExit(0)


@click.command(
    epilog="""\b
Examples:
  digest check                          what is wrong here
  digest check --build --strict         build first; warnings fail too
  digest check --format github          in a workflow: findings beside the files
  digest check --explain link-dead      what a code means, and what to do
"""
)
@site_option
@content_option
@click.option(
    "--output", type=FolderPath, help="Where the site was written (default: public in the site's folder)."
)
@url_option
@workers_option
@click.option("--build", "build_first", is_flag=True, help="Build the site first.")
@click.option("--strict", is_flag=True, help="Warnings give exit code 1 too.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", show_default=True,
    help="Text for people, one JSON object, or commands for GitHub Actions.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Every finding, not some of each code.")
@click.option(
    "--explain", metavar="CODE", expose_value=False, callback=_explain, is_eager=True,
    help="Say what a code means and what to do about it; nothing is checked.",
)  # fmt: skip
def check(  # noqa: PLR0913 - click passes one parameter for each option
    *, site: Path, content: tuple[Path, ...], output: Path | None, url: str | None,
    workers: int | None, build_first: bool, strict: bool, form: Format, everything: bool,
) -> None:  # fmt: skip
    """Report what is wrong with the built site and its archive.

    Reads the output of the last build: links and anchors, feeds, HTML, addresses that clash, what pages
    load from other hosts, size against the host's limits. And the articles: outlets that fell silent, empty
    and cut texts, broken characters, wrong clocks, boilerplate that stayed, hosts nobody described; with
    all that the build itself reports. Nothing is built or changed.

    Exit code 0 where there is no error, 1 where there is one, 2 for usage or configuration. `check.ignore`
    in site.toml silences what you know.
    """
    from digest.checking.run import check_site  # noqa: PLC0415

    config = load_config(site, content=content, output=output, url=url)
    if build_first:
        from digest.build.pipeline import build_site  # noqa: PLC0415

        build_site(config, workers=workers, now=read_now())
    report = check_site(config, workers=workers, now=read_now())
    _write(report, config, form, everything=everything)
    if report.count("error") or (strict and report.count("warning")):
        raise SystemExit(1)


def _write(report: Report, config: SiteConfig, form: Format, *, everything: bool) -> None:
    from digest.checking.formats import write_github, write_json, write_text  # noqa: PLC0415

    if form == "json":
        sys.stdout.buffer.write(write_json(report))
    elif form == "github":
        for line in write_github(report, config.output, str(Path.cwd()), everything=everything):
            click.echo(line)
    else:
        for line in write_text(report, everything=everything):
            click.echo(line)

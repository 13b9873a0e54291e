"""The command line: the only file that prints or exits.

Exit codes: 0 done, problems or not; 1 problems under `--strict`, or nothing could be
published; 2 usage or configuration. User errors are one line on stderr.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest import __version__
from digest.cli_check import check
from digest.cli_completion import completion
from digest.cli_init import init
from digest.cli_new import new
from digest.cli_options import (
    FolderPath,
    content_option,
    read_now,
    site_option,
    url_option,
    workers_option,
)
from digest.cli_publish import publish
from digest.cli_serve import serve
from digest.cli_threads import threads
from digest.config import load_config
from digest.errors import DigestError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.build.report import BuildReport
    from digest.config import SiteConfig

_output = click.option(
    "--output", type=FolderPath, help="Where the site is written (default: public in the site's folder)."
)
_quiet = click.option("--quiet", is_flag=True, help="No progress and no summary; problems only as a count.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="digest %(version)s")
@click.option(
    "-C", "folders", metavar="DIR", type=FolderPath, multiple=True,
    help="Do as if digest had been started in this folder.",
)  # fmt: skip
@click.pass_context
def cli(context: click.Context, folders: tuple[Path, ...]) -> None:
    """Build a fast, quiet web site from an archive of scraped news.

    Start with `digest init`, or with `digest build` in a folder that holds `content/`; `digest
    serve` shows the site while you work on it. Each command explains itself with --help.
    """
    for folder in folders:
        try:
            os.chdir(folder)
        except OSError as error:
            raise click.UsageError(f"-C {folder}: {error.strerror}") from None
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


@cli.command()
@site_option
@content_option
@_output
@url_option
@workers_option
@click.option("--strict", is_flag=True, help="Any problem is fatal: nothing is published, exit code 1.")
@click.option("--clean", is_flag=True, help="Forget what earlier builds remembered.")
@click.option(
    "--verify", is_flag=True, help="Recompute everything remembered; exit code 1 if anything differs."
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what was done as JSON to this file.",
)
@_quiet
def build(
    site: Path, content: tuple[Path, ...], output: Path | None, url: str | None,
    workers: int | None, strict: bool, clean: bool, verify: bool, report: Path | None, quiet: bool,
) -> None:  # fmt: skip
    """Build the whole site.

    Reads every article below the content folders and writes the site to the output folder.
    What did not change is neither read nor written again. Bad input never stops a build:
    each problem is listed with file and line.

    \b
    Examples:
      digest build
      digest build --site news --url https://example.org/news/
      digest build --strict --report report.json
    """  # noqa: D301 - click reads the backspace
    from digest.build.pipeline import StrictError, build_site  # noqa: PLC0415 - not for --help

    config = load_config(site, content=content, output=output, url=url)
    with _progress(quiet) as progress:
        try:
            done = build_site(
                config,
                workers=workers,
                strict=strict,
                clean=clean,
                verify=verify,
                now=read_now(),
                progress=progress,
            )
        except StrictError as error:
            done = error.report
            _write_report(report, done)
            _print_problems(done)
            click.echo(str(error), err=True)
            sys.exit(1)
    _write_report(report, done)
    if not quiet:
        _print_summary(done, config)
    for place in done.mismatches:
        click.echo(f"{place}: what was remembered differs from what is computed anew", err=True)
    if done.mismatches:
        sys.exit(1)


@cli.command()
@click.argument("what", type=click.Choice(["pages", "threads"]))
@site_option
@content_option
@workers_option
def export(what: str, site: Path, content: tuple[Path, ...], workers: int | None) -> None:
    """Print pages or threads as JSON Lines.

    One object a line in UTF-8, with everything digest knows of a page: title, authors,
    times, text, picture, topics. Nothing is rendered.

    \b
    Example: digest export pages > pages.jsonl
    """  # noqa: D301 - click reads the backspace
    from digest.build.export import export_pages, export_threads  # noqa: PLC0415

    config = load_config(site, content=content)
    select = export_pages if what == "pages" else export_threads
    stream = sys.stdout.buffer
    for line in select(config, workers=workers, now=read_now()):
        stream.write(line)
    stream.flush()


cli.add_command(check)
cli.add_command(completion)
cli.add_command(init)
cli.add_command(new)
cli.add_command(publish)
cli.add_command(serve)
cli.add_command(threads)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@site_option
@content_option
@click.option("--json", "as_json_", is_flag=True, help="Print one JSON object instead of text.")
def inspect(file: Path, site: Path, content: tuple[Path, ...], as_json_: bool) -> None:
    """Show how one file is read, and why.

    Prints the outlet's profile and how it was chosen, each field with where it came from,
    every piece of the text with the rule that stripped it, and the problems.

    \b
    Example: digest inspect content/voa/1.md
    """  # noqa: D301 - click reads the backspace
    from digest.build.inspection import as_json, describe, inspect_file  # noqa: PLC0415

    inspection = inspect_file(file, load_config(site, content=content))
    if as_json_:
        sys.stdout.buffer.write(as_json(inspection))
    else:
        click.echo(describe(inspection), nl=False)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A one-line display on a terminal; silence in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return

    def show(stage: str, done: int, total: int) -> None:
        click.echo(f"\r{stage} {done:,} of {total:,}\x1b[K", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)


def _write_report(place: Path | None, report: BuildReport) -> None:
    if place is None:
        return
    try:
        place.write_bytes(report.as_json())
    except OSError as error:
        raise click.UsageError(f"cannot write the report to {place}: {error.strerror}") from None


_SHOWN = 20


def _print_problems(report: BuildReport) -> None:
    for problem in report.problems[:_SHOWN]:
        click.echo(str(problem), err=True)
    if len(report.problems) > _SHOWN:
        click.echo(f"… and {len(report.problems) - _SHOWN:,} more; --report FILE lists all", err=True)


def _print_summary(report: BuildReport, config: SiteConfig) -> None:
    if report.problems:
        _print_problems(report)
        kinds = ", ".join(f"{code} {count:,}" for code, count in report.problems_by_code())
        click.echo(f"problems: {kinds}", err=True)
    versions = f" ({report.versions:,} versions)" if report.versions != report.pages else ""
    parts = [f"{report.pages:,} pages{versions}", f"{report.threads:,} stories"]
    parts += [
        f"{count:,} {word}"
        for count, word in ((report.undated, "undated"), (report.hidden, "hidden"))
        if count
    ]
    click.echo(", ".join(parts))
    seconds = report.timings.get("total", 0.0)
    click.echo(
        f"{config.output}: {report.written:,} files written, {report.unchanged:,} unchanged, "
        f"{report.removed:,} removed; {report.output_bytes / 1e6:,.1f} MB in {seconds:.1f} s"
    )


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits."""
    code = _run(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    # All is written and closed; freeing a build's objects one by one would take 60 ms for 10,000 articles.
    os._exit(code)


def _run(arguments: list[str] | None) -> int:
    try:
        cli.main(args=arguments, prog_name="digest", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
    except click.ClickException as error:
        click.echo(f"digest: {' '.join(error.format_message().split())}", err=True)
        return 2
    except click.Abort:
        return 130
    except DigestError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else the interpreter complains once more at exit
    return 0

"""`digest threads`: stories on the command line, and the editor's files for them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest import cli_editing
from digest.cli_edition import find_stories, machine_stories, open_edition, place_options
from digest.errors import ContentError, Location

if TYPE_CHECKING:
    from digest.config import SiteConfig
    from digest.curation.selection import Order
    from digest.scoring import Gold


_NAMED = 3


class _Listing(click.Group):
    """A group that lists where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        names = ctx.help_option_names
        if not args or (args[0].startswith("-") and args[0] not in names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Listing)
def threads() -> None:
    """Stories: list them, ask why, correct them, score them.

    A REF names a story by its id, its address, or any of its articles; an article is named by its
    original address, its id or its address here. What you change is written to small files in
    content/threads, which you can read, edit and delete; `digest build` publishes it. Without a
    command, `list` is meant.
    """


for _command in cli_editing.COMMANDS:
    threads.add_command(_command)


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day (expected YYYY-MM-DD)") from None


@threads.command(
    "list", epilog="Example: digest threads list --words '拜登 习近平' --from 2023-11-01 --at-least 5"
)
@click.option(
    "--words",
    metavar="WORDS",
    default="",
    help="Words that all stand in the title or the headlines, in either script.",
)
@click.option("--source", metavar="OUTLET", default="", help="An outlet, by short or full name.")
@click.option(
    "--from", "first", metavar="DAY", callback=_day, help="Stories with a report on this day or later."
)
@click.option(
    "--to", "last", metavar="DAY", callback=_day, help="Stories with a report on this day or earlier."
)
@click.option("--at-least", type=click.IntRange(min=1), default=1, help="Stories of so many reports.")
@click.option("--sort", type=click.Choice(["newest", "covered"]), default="newest", show_default=True,
              help="The newest report first, or the most reports.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@place_options
def list_(
    words: str, source: str, first: str, last: str, *, at_least: int, sort: Order, as_json: bool, **place: Any
) -> None:  # fmt: skip
    """List stories.

    A line has the id, the span, how many reports and outlets there are, the title, and your file.
    """
    from digest.cli_stories import list_stories, story_record  # noqa: PLC0415 - not for --help
    from digest.curation.selection import Selection, select  # noqa: PLC0415
    from digest.text.folding import fold  # noqa: PLC0415

    with open_edition(**place) as (config, edition, _):
        digest = edition.digest
        slug = _find_outlet(source, config, digest.sources) if source else ""
        selection = Selection(tuple(words.split()), slug, first, last, at_least)
        found = select(digest, selection, sort, fold)
    if as_json:
        for thread in found:
            sys.stdout.buffer.write(story_record(thread))
    else:
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
        for line in list_stories(found, columns):
            click.echo(line)


@threads.command(epilog="Example: digest threads show summit")
@click.argument("ref")
@place_options
def show(ref: str, **place: Any) -> None:
    """Show the timeline of one story.

    Each line is a report: `*` begins a key event, `-` any other, and what is below it tells of the same.
    """
    from digest.cli_stories import show_story  # noqa: PLC0415

    with open_edition(**place) as (config, edition, _):
        thread = find_stories(config, edition).published(ref).thread
        names = {profile.slug: profile.name for profile in config.profiles}
        for line in show_story(thread, edition.digest, names) if thread else ():
            click.echo(line)


@threads.command(epilog="Example: digest threads why voa-7349130")
@click.argument("ref")
@place_options
def why(ref: str, **place: Any) -> None:
    """Tell why an article is in its story, and not in another.

    Prints the terms it shares with the story and their weights, the reports most like it, and
    the stories that came next.
    """
    from digest.cli_stories import tell_why  # noqa: PLC0415

    with open_edition(**place) as (config, edition, store):
        page = find_stories(config, edition).page(ref)
        from digest.build.threads import explain_page  # noqa: PLC0415

        reasons = explain_page(config, edition, store, page.id)
    for line in tell_why(reasons, page, edition.digest):
        click.echo(line)


@threads.command(epilog="Example: digest threads score labels.tsv --mistakes")
@click.argument("gold", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--automatic", is_flag=True, help="The machine's stories alone, without your files.")
@click.option(
    "--mistakes", is_flag=True, help="List the stories that are in pieces or have intruders, worst first."
)
@place_options
def score(gold: Path, *, automatic: bool, mistakes: bool, **place: Any) -> None:
    """Score the stories against labels made by hand.

    GOLD is a table with a tab between two columns: file and story for every article of a few
    days, which gives B-cubed; or story and file for the members of long stories, which gives the
    F1 of the thread that matches each best.
    """
    from digest import scoring  # noqa: PLC0415
    from digest.cli_stories import match_lines, mistake_lines, score_lines  # noqa: PLC0415

    with open_edition(**place) as (_, edition, _):
        pages = {page.id: page for page in edition.digest.pages}
        groups = machine_stories(edition).groups if automatic else edition.digest.threads
    paths = ((g.id, [v.path for m in g.members for v in pages[m].versions]) for g in groups)
    system = scoring.label(paths)
    by_file = {Path(v.path).name: page for page in pages.values() for v in page.versions}
    labels = _read_gold(gold, by_file)
    if labels.kind == "window":
        lines = score_lines(scoring.b_cubed(dict(labels.rows), system))
    else:
        matches = scoring.match_best(labels.rows, system)
        lines = match_lines(matches, scoring.mean_f1(matches))
    for line in lines:
        click.echo(line)
    titles = {name: t.title for t in edition.digest.threads for name in (*t.former, t.id)}
    for mistake in scoring.find_mistakes(labels, system) if mistakes else ():
        click.echo()
        for line in mistake_lines(mistake, by_file, titles, dict(labels.rows)):
            click.echo(line)


def _read_gold(gold: Path, files: Collection[str]) -> Gold:
    from digest.scoring import read_gold  # noqa: PLC0415

    try:
        labels = read_gold(gold.read_text("utf-8"), files)
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", Location(str(gold))) from None
    except UnicodeDecodeError:
        raise ContentError("is not UTF-8", Location(str(gold))) from None
    except ValueError as error:
        raise ContentError(str(error), Location(str(gold))) from None
    _complain(gold, "are not two columns with a tab between; left out", labels.broken)
    _complain(gold, "name no file of the archive; counted as in no story", labels.unknown)
    return labels


def _complain(gold: Path, what: str, lines: Sequence[tuple[int, str]]) -> None:
    if lines:
        first = "; ".join(f"line {number} {text!r}" for number, text in lines[:_NAMED])
        more = f"; and {len(lines) - _NAMED:,} more" if len(lines) > _NAMED else ""
        click.echo(f"{gold}: lines that {what} ({len(lines):,}): {first}{more}", err=True)


def _find_outlet(name: str, config: SiteConfig, sources: Mapping[str, object]) -> str:
    from digest.taxonomy.outlets import Outlets  # noqa: PLC0415

    outlets = Outlets(config.profiles, sources)
    slug = outlets.find(name)
    if slug is None:
        raise click.UsageError(f"{name!r} is no outlet known here{outlets.suggest(name)}")
    return slug

"""The commands of `digest threads` that write the editor's files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from digest.cli_edition import find_stories, open_edition, place_options

if TYPE_CHECKING:
    from digest.curation.edits import Edit
    from digest.curation.stories import Stories

_title = click.option("--title", metavar="TITLE", default="", help="The story's title.")
_as = click.option(
    "--as", "slug", default="", help="Its id, and so its address: lower-case letters, digits, -."
)


@click.command(epilog="Example: digest threads adopt voa-7349130 --title 通往会晤之路 --as summit")
@click.argument("ref")
@_title
@_as
@place_options
def adopt(ref: str, title: str, slug: str, **place: Any) -> None:
    """Make a story yours: write a file that names and introduces it."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.adopt(stories, ref, _one_line(title), slug))


@click.command(epilog="Example: digest threads merge summit voa-7349130")
@click.argument("ref")
@click.argument("others", metavar="REF...", nargs=-1, required=True)
@place_options
def merge(ref: str, others: tuple[str, ...], **place: Any) -> None:
    """Let other stories flow into the first one."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.merge(stories, (ref, *others)))


@click.command(epilog="Example: digest threads split summit voa-7349130 --event --title 油价")
@click.argument("ref")
@click.argument("members", metavar="ARTICLE...", nargs=-1, required=True)
@click.option("--event", "whole_events", is_flag=True, help="Take along all reports of the same events.")
@_title
@_as
@place_options
def split(
    ref: str, members: tuple[str, ...], title: str, slug: str, *, whole_events: bool, **place: Any
) -> None:
    """Make a story of its own of some articles of the story REF."""
    from digest.curation import edits  # noqa: PLC0415

    _change(
        place,
        lambda stories: edits.split(stories, ref, members, _one_line(title), slug, whole_events=whole_events),
    )


@click.command(epilog="Example: digest threads move voa-7349130 rfi-1449305 --to summit")
@click.argument("members", metavar="ARTICLE...", nargs=-1, required=True)
@click.option("--to", "to", metavar="REF", required=True, help="The story they belong to.")
@place_options
def move(members: tuple[str, ...], to: str, **place: Any) -> None:
    """Put articles into another story."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.move(stories, members, to))


_of = click.option("--of", "story", metavar="REF", default="", help="Their story, where they are in several.")


@click.command(epilog="Example: digest threads exclude voa-7349130")
@click.argument("members", metavar="ARTICLE...", nargs=-1, required=True)
@_of
@place_options
def exclude(members: tuple[str, ...], story: str, **place: Any) -> None:
    """Take articles out of their story.

    What was taken out of one already stays in the story it has gone to, unless --of names that.
    """
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.exclude(stories, members, story))


@click.command(epilog="Example: digest threads pin https://www.example.org/news/1 --of summit")
@click.argument("members", metavar="ARTICLE...", nargs=-1, required=True)
@_of
@place_options
def pin(members: tuple[str, ...], story: str, **place: Any) -> None:
    """Make what these articles report key events of their story."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.pin(stories, members, story))


@click.command(epilog="Example: digest threads hide voa-7349130")
@click.argument("ref")
@place_options
def hide(ref: str, **place: Any) -> None:
    """Take a story off the site; its articles stay."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.hide(stories, ref))


COMMANDS = (adopt, merge, split, move, exclude, pin, hide)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _change(options: dict[str, Any], ask: Callable[[Stories], Sequence[Edit]]) -> None:
    """Makes the edits that `ask` wants and says so. Either all files are written or none."""
    from digest.curation.filing import draft, file  # noqa: PLC0415 - not for --help

    with open_edition(**options) as (config, edition, _):
        wanted = ask(find_stories(config, edition))
    places = {found.path: found.place for found in edition.files}
    sheets = draft(wanted, places, config.content[0])
    file(sheets)
    for sheet in sheets:
        click.echo(f"{sheet.shown}: {'written' if sheet.before is None else 'changed'}")
    if not sheets:
        click.echo("nothing to change: the files say so already")
    elif any(sheet.before is None for sheet in sheets):
        click.echo("Write what introduces the story below the second ---; `digest build` publishes it.")
    else:
        click.echo("`digest build` publishes it; the lines can be taken back by hand.")

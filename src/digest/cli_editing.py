"""The commands of `digest threads` that write the editor's files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli_edition import find_stories, open_edition, place_options
from digest.errors import ContentError, Location

if TYPE_CHECKING:
    from digest.build.accounts import Edition
    from digest.config import SiteConfig
    from digest.curation.edits import Edit
    from digest.curation.stories import Stories

_title = click.option("--title", metavar="TITLE", default="", help="The story's title.")
_as = click.option(
    "--as", "slug", default="", help="Its id, and so its address: lower-case letters, digits, -."
)


@click.command()
@click.argument("ref")
@_title
@_as
@place_options
def adopt(ref: str, title: str, slug: str, **place: Any) -> None:
    """Make a story yours: write a file that names and introduces it."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.adopt(stories, ref, _one_line(title), slug))


@click.command()
@click.argument("ref")
@click.argument("others", metavar="REF...", nargs=-1, required=True)
@place_options
def merge(ref: str, others: tuple[str, ...], **place: Any) -> None:
    """Let other stories flow into the first one."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.merge(stories, (ref, *others)))


@click.command()
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


@click.command()
@click.argument("members", metavar="ARTICLE...", nargs=-1, required=True)
@click.option("--to", "to", metavar="REF", required=True, help="The story they belong to.")
@place_options
def move(members: tuple[str, ...], to: str, **place: Any) -> None:
    """Put articles into another story."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.move(stories, members, to))


_of = click.option("--of", "story", metavar="REF", default="", help="Their story, where they are in several.")


@click.command()
@click.argument("members", metavar="ARTICLE...", nargs=-1, required=True)
@_of
@place_options
def exclude(members: tuple[str, ...], story: str, **place: Any) -> None:
    """Take articles out of their story.

    What was taken out of one already stays in the story it has gone to, unless --of names that.
    """
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.exclude(stories, members, story))


@click.command()
@click.argument("members", metavar="ARTICLE...", nargs=-1, required=True)
@_of
@place_options
def pin(members: tuple[str, ...], story: str, **place: Any) -> None:
    """Make what these articles report key events of their story."""
    from digest.curation import edits  # noqa: PLC0415

    _change(place, lambda stories: edits.pin(stories, members, story))


@click.command()
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
    from digest.curation.writing import write  # noqa: PLC0415 - not for --help

    with open_edition(**options) as (config, edition, _):
        wanted = [(edit, _place(edit, config, edition)) for edit in ask(find_stories(config, edition))]
    written = [(edit, place, write(edit, _read(edit, place))) for edit, place in wanted]
    _write_all([(place, data) for _, place, data in written])
    for edit, place, _ in written:
        click.echo(f"{_shown(place)}: {'written' if edit.is_new else 'changed'}")
    if not written:
        click.echo("nothing to change: the files say so already")
    elif any(edit.is_new for edit, *_ in written):
        click.echo("Write what introduces the story below the second ---; `digest build` publishes it.")
    else:
        click.echo("`digest build` publishes it; the lines can be taken back by hand.")


def _place(edit: Edit, config: SiteConfig, edition: Edition) -> Path:
    if edit.is_new:
        return Path(config.content[0], edit.path)
    return next(Path(found.place) for found in edition.files if found.path == edit.path)


def _read(edit: Edit, place: Path) -> bytes | None:
    if not edit.is_new:
        return place.read_bytes()
    if os.path.lexists(place):
        raise ContentError("the file exists already", Location(_shown(place)), "give another id with --as")
    return None


def _write_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Writes beside each file first and moves all into place at the end."""
    ready: list[tuple[Path, Path]] = []
    place = Path()
    try:
        for named, data in files:
            place = named.resolve()  # behind a symbolic link, which stays one
            place.parent.mkdir(exist_ok=True)
            if place.exists() and not os.access(place, os.W_OK):
                raise PermissionError(None, "Permission denied")
            beside = place.with_name(f".{place.name}.new")
            ready.append((beside, place))
            beside.write_bytes(data)
            if place.exists():
                shutil.copymode(place, beside)
        for beside, place in ready:
            beside.replace(place)
    except OSError as error:
        raise ContentError(f"cannot be written: {error.strerror}", Location(_shown(place))) from None
    finally:
        for beside, _ in ready:
            beside.unlink(missing_ok=True)


def _shown(place: Path) -> str:
    here = Path.cwd()
    return str(place.relative_to(here) if place.is_relative_to(here) else place)

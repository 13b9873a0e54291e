"""`digest init`: a new site, or a site around an archive that exists."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.cli_options import FolderPath, read_now, workers_option
from digest.errors import ContentError, Location

if TYPE_CHECKING:
    from digest.starting.files import NewFile
    from digest.starting.site import Settings

_TIMEZONE = "Asia/Shanghai"


@click.command()
@click.argument("folder", metavar="[DIR]", type=FolderPath, required=False)
@click.option("--title", metavar="TITLE", default="", help="The site's name (default: the folder's).")
@click.option("--url", metavar="URL", default="", help="Where it will be published: https://…")
@click.option("--github", is_flag=True, help="Add the workflow that publishes it with GitHub Pages.")
@click.option(
    "--from", "archive", metavar="FOLDER", type=FolderPath,
    help="Adopt an existing archive: a Jekyll site, or a tree of articles. It is only read.",
)  # fmt: skip
@workers_option
def init(
    folder: Path | None, title: str, url: str, *, github: bool, archive: Path | None, workers: int | None
) -> None:
    """Start a site in the folder DIR (default: the current one).

    Writes a commented site.toml, an example article, a thread and a page about the site. Nothing is
    ever overwritten. In a folder that is a site already, --github adds the workflow alone.

    With --from, says what the archive holds: outlets, days, defects. With DIR too, writes the
    site.toml for it there; without, prints it and writes nothing.

    \b
    Examples:
      digest init news --title 每日文摘 --github
      digest init --from ~/waimei > site.toml
      digest init news --from ~/waimei
    """  # noqa: D301 - click keeps the lines below its \b
    _check_url(url)
    if archive is not None:
        _adopt(archive, folder, " ".join(title.split()), url, github=github, workers=workers)
        return
    from digest.starting.site import Settings, fresh_site  # noqa: PLC0415 - not for --help

    place = folder or Path()
    root = Path(os.path.abspath(place))  # noqa: PTH100 - resolve() would follow links
    settings = Settings(title=" ".join(title.split()) or root.name or "digest", url=url.rstrip("/"))
    if github and (root / "site.toml").is_file():
        _write(place, _workflow(root, settings))
        return
    _refuse_site(place)
    now = (read_now() or datetime.now(UTC)).astimezone(ZoneInfo(_TIMEZONE))
    _write(place, [*fresh_site(settings, now), *(_workflow(root, settings) if github else ())])
    _say_next(place)


def _adopt(
    archive: Path, folder: Path | None, title: str, url: str, *, github: bool, workers: int | None
) -> None:
    import msgspec  # noqa: PLC0415 - not for --help

    from digest.starting.adoption import first_settings, report, settled  # noqa: PLC0415
    from digest.starting.layout import find_layout  # noqa: PLC0415
    from digest.starting.site import about_page, ignore_file, site_file  # noqa: PLC0415
    from digest.starting.survey import survey  # noqa: PLC0415

    if github and folder is None:
        raise click.UsageError("--github writes a file: name the folder DIR too")
    if folder is not None:
        _refuse_site(folder)
    layout = find_layout(archive)
    settings = first_settings(layout)
    settings = msgspec.structs.replace(
        settings, title=title or settings.title, url=url.rstrip("/") or settings.url
    )
    if sys.stderr.isatty():
        click.echo("reading …", err=True)
    found = survey(layout.folders, site_file(settings), workers=workers, now=read_now())
    # Where only the site.toml is printed, standard output is its alone.
    for line in report(layout, found):
        click.echo(line, err=folder is None)
    home = Path(os.path.abspath(folder or Path()))  # noqa: PTH100
    settings = settled(settings, layout, found, home, with_own=folder is not None)
    if folder is None:
        click.echo(site_file(settings).text, nl=False)
        return
    files = [site_file(settings), ignore_file()]
    files += [] if (folder / "content").is_dir() else [about_page()]
    _write(folder, [*files, *(_workflow(home, settings) if github else ())])
    outside = [name for name in settings.content if name.startswith(("../", "/"))]
    if github and outside:
        click.echo(f"note: GitHub's machine has no {outside[0]}: put it into the repository", err=True)
    if "." in settings.content:
        click.echo("note: the articles lie in the site's own folder: no build is remembered", err=True)
    _say_next(folder)


def _refuse_site(place: Path) -> None:
    """Raises ContentError where a site is already, or what is named is no folder."""
    if place.exists() and not place.is_dir():
        raise ContentError("is no folder (expected one, or a new name)", Location(str(place)))
    if (place / "site.toml").exists():
        raise ContentError("is there already; nothing was written", Location(str(place / "site.toml")))


def _check_url(url: str) -> None:
    from digest.sources.checks import is_no_url  # noqa: PLC0415

    if url and ("?" in url or "#" in url or is_no_url(url)):
        raise click.BadParameter(f"{url!r} is not an absolute address (expected https://…)")


def _workflow(root: Path, settings: Settings) -> list[NewFile]:
    from digest.starting.site import workflow_file  # noqa: PLC0415

    above = next((place for place in (root, *root.parents) if (place / ".git").exists()), None)
    if above is not None and above != root:
        message = f"{root.name} is not the top of its Git repository, where GitHub looks for workflows"
        click.echo(f"note: {message}: move .github to {above}", err=True)
    return [workflow_file(_branch(above) if above else "main", settings.title, _output(root))]


def _output(root: Path) -> str:
    """The output folder that the site's own configuration names, from the site's folder."""
    from digest.config import load_config  # noqa: PLC0415

    if not (root / "site.toml").is_file():
        return "public"
    return os.path.relpath(load_config(root).output, root).replace(os.sep, "/")


def _branch(repository: Path) -> str:
    """The branch that is checked out; `main` where Git's own file does not tell."""
    try:
        head = (repository / ".git" / "HEAD").read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return "main"
    name = head.removeprefix("ref: refs/heads/")
    return name if name != head and name else "main"


def _write(place: Path, files: Sequence[NewFile]) -> None:
    from digest.starting.files import write_new  # noqa: PLC0415

    # A folder cloned from a host mostly has one, and nothing breaks without ours.
    kept = [file for file in files if file.path == ".gitignore" and (place / file.path).exists()]
    files = [file for file in files if file not in kept]
    write_new(place, files)
    for file in files:
        click.echo(str(place / file.path))
    if kept:
        click.echo(f"note: {place / kept[0].path} is there already: add /public/ and /.digest/", err=True)


def _say_next(place: Path) -> None:
    where = "" if place.resolve() == Path.cwd() else f" -C {place}"
    click.echo(f"Next: `digest{where} serve` shows the site, `digest{where} build` writes it to public/.")

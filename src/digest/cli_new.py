"""`digest new`: one well-formed file in the right place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from digest.cli_columns import plain
from digest.cli_edition import find_stories, open_edition, place_options
from digest.cli_options import read_now, site_option
from digest.config import load_config
from digest.errors import ContentError, Location
from digest.places import FILE_NAME

if TYPE_CHECKING:
    from digest.config import SiteConfig
    from digest.curation.front_matter import Entry
    from digest.model import Curated
    from digest.sources.profile import Profile
    from digest.starting.files import NewFile

_edit_option = click.option("--edit", is_flag=True, help="Open the file in $VISUAL or $EDITOR.")
_URL = re.compile(r"https?://", re.I)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


@click.group()
def new() -> None:
    """Write one new file: an article, a thread, an edition's note, an outlet.

    Prints the file's path. What is there already is never overwritten.
    """


@new.command()
@click.argument("what", metavar="URL|TITLE")
@click.option("--title", metavar="TITLE", default="", help="Its title, where URL is given.")
@click.option("--source", metavar="OUTLET", default="", help="Its outlet, by short or full name.")
@_edit_option
@site_option
def article(what: str, title: str, source: str, *, edit: bool, site: Path) -> None:
    """Write an article by hand: the one at URL, or one of your own.

    The file lies in the folder of its outlet, or in articles, and is dated now.

    \b
    Examples:
      digest new article https://www.example.org/news/1 --title 标题
      digest new article 编者的话 --edit
    """  # noqa: D301 - click keeps the lines below its \b
    from digest.sources.address import Addresses  # noqa: PLC0415 - not for --help
    from digest.starting import single  # noqa: PLC0415

    config = load_config(site)
    category = _outlet(config, source) if source else ""
    address = Addresses(config.profiles).locate(what) if _URL.match(what) else None
    if _URL.match(what) and address is None:
        raise ContentError(f"{what!r} is no address (expected https://…)")
    words = plain(title or (single.title_of(what) if address else what))
    if not words:
        raise ContentError("the title is empty (expected words)")
    _create(config, single.article(words, _now(config), address, category), edit=edit)


@new.command()
@click.argument("title")
@click.option("--include", metavar="ARTICLE", multiple=True, help="An article that belongs; repeatable.")
@click.option("--words", metavar="'A B'", multiple=True,
              help="Words of which one must stand in an article; repeated, one of each.")  # fmt: skip
@click.option("--as", "slug", default="", help="Its id, and so its address: lower-case letters, digits, -.")
@_edit_option
@place_options
def thread(
    title: str, include: tuple[str, ...], words: tuple[str, ...], slug: str, *, edit: bool, **place: Any
) -> None:
    """Write a story of your own.

    Articles are named by their original address, their id or their address here. To take over a story
    that digest found, see `digest threads adopt`.

    \b
    Examples:
      digest new thread 通往旧金山之路 --as summit --words '拜登 Biden' --words '习近平 習近平'
      digest new thread 大熊猫回家 --include voa-7349130 --include zaobao-1449305
    """  # noqa: D301 - click keeps the lines below its \b
    from digest.ids import slugify  # noqa: PLC0415 - not for --help
    from digest.starting import single  # noqa: PLC0415

    title = plain(title)
    if not title:
        raise ContentError("the title is empty (expected words)")
    if slug and not _SLUG.match(slug):
        raise ContentError(f"the id is {slug!r} (expected lower-case letters, digits and -)")
    config = load_config(place["site"], content=place["content"])
    groups = [group.split() for group in words if group.split()]
    if include:
        entries, is_taken, default = _members(include, place)
    else:
        entries, default = [], ""
        is_taken = frozenset(file.id for file in _curated(config).threads).__contains__
    name = slug or (default if default and not is_taken(default) else slugify(title))
    if is_taken(name):
        raise ContentError(f"the id {name!r} is another story's already", hint="give another with --as")
    _create(config, single.thread(name, title, entries, groups), edit=edit)
    if not (entries or groups):
        click.echo("Name what belongs to it: until then it has no page.", err=True)


@new.command()
@click.argument("day", metavar="DAY")
@click.option("--title", metavar="TITLE", default="", help="Its title.")
@_edit_option
@site_option
def edition(day: str, title: str, *, edit: bool, site: Path) -> None:
    """Write the note that leads a day: YYYY-MM-DD, or `today`.

    \b
    Examples:
      digest new edition today --edit
      digest new edition 2023-11-10 --title 日期定了
    """  # noqa: D301 - click keeps the lines below its \b
    from digest.loaders.curated_front_matter import parse_day  # noqa: PLC0415 - not for --help
    from digest.starting import single  # noqa: PLC0415

    config = load_config(site)
    wanted = _now(config).date().isoformat() if day == "today" else parse_day(day)
    if wanted is None:
        raise click.BadParameter(f"{day!r} is no day (expected YYYY-MM-DD or today)")
    for other in _curated(config).editions:
        if other.day == wanted:
            message = f"is the note of {wanted} already (expected one a day); nothing was written"
            raise ContentError(message, Location(other.path))
    _create(config, single.edition(wanted, plain(title)), edit=edit)


@new.command()
@click.argument("domain")
@click.option("--name", metavar="NAME", default="", help="The name readers see (default: the domain).")
@click.option("--as", "slug", default="", help="Its short name, which stands in addresses.")
@click.option("--extends", "parent", metavar="OUTLET", default="", help="The outlet it is built like.")
@_edit_option
@site_option
def source(domain: str, name: str, slug: str, parent: str, *, edit: bool, site: Path) -> None:
    """Describe an outlet: adds a table to the end of site.toml.

    \b
    Examples:
      digest new source www.gazette.example --name 公报
      digest new source www.seine.example --name 塞纳之声 --extends rfi
    """  # noqa: D301 - click keeps the lines below its \b
    from digest.sources.address import Addresses  # noqa: PLC0415 - not for --help
    from digest.sources.checks import is_no_slug  # noqa: PLC0415
    from digest.starting import single  # noqa: PLC0415

    config = load_config(site)
    host = single.domain_of(domain)
    if owner := Addresses(config.profiles).slug_of_host(host):
        raise ContentError(f"{host} belongs to the outlet {owner!r} already")
    known = {profile.slug for profile in config.profiles}
    if slug in known:
        raise ContentError(f"the outlet {slug!r} is there already", hint="give another with --as")
    if slug and (wrong := is_no_slug(slug)):
        raise ContentError(f"{slug!r} {wrong}")
    slug = slug or single.slug_of(host, known)
    table = single.outlet(slug, plain(name) or host, host, config.timezone, parent)
    place = Path(config.site, FILE_NAME)
    _append(place, table, slug, config.profiles)
    _show(place, edit=edit)


def _append(place: Path, table: str, slug: str, profiles: Sequence[Profile]) -> None:
    """Adds the table of the outlet `slug` to the end of a site.toml, if it reads well with it."""
    from digest.site_file import read_site_file  # noqa: PLC0415
    from digest.sources import builtin_slugs, clashes, resolve  # noqa: PLC0415

    if not place.is_file():
        raise ContentError("no such file (expected a site)", Location(str(place)), "`digest init` starts one")
    old = place.read_bytes()
    newline = "\r\n" if b"\r\n" in old else "\n"
    gap = "" if not old or old.endswith(b"\n") else "\n"
    data = old + (gap + "\n" + table).replace("\n", newline).encode()
    written = read_site_file(data, str(place), builtin_slugs())
    if written.problems:
        raise ContentError(written.problems[0].message)
    for _, key, what in clashes([*profiles, resolve(written.sources[slug], profiles)]):
        raise ContentError(f"{key} {what}")
    beside = place.with_name(f".{place.name}.new")
    try:
        beside.write_bytes(data)
        beside.chmod(place.stat().st_mode)
        beside.replace(place.resolve())
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ContentError(f"cannot be written: {error.strerror}", Location(str(place))) from None


def _members(include: Sequence[str], place: dict[str, Any]) -> tuple[list[Entry], Callable[[str], bool], str]:
    """The articles as a file names them, what tells a taken id, and the id of the first article."""
    with open_edition(**place) as (config, edition_, _):
        stories = find_stories(config, edition_)
        pages = stories.pages(include)
        return [stories.name(page) for page in pages], stories.is_taken, pages[0].id


def _curated(config: SiteConfig) -> Curated:
    """The curator's own files of the site."""
    from digest.build.scan import read, scan  # noqa: PLC0415
    from digest.loaders.curator import load_curated  # noqa: PLC0415
    from digest.model import SourceFile  # noqa: PLC0415
    from digest.places import is_curator_path, left_out  # noqa: PLC0415

    found = scan(config.content, config.ignore, is_curator_path, left_out(config))
    files = [(f.path, read(f)) for f in found if f.kind == "curator"]
    return load_curated([SourceFile(path, data) for path, data in files if isinstance(data, bytes)])


def _outlet(config: SiteConfig, name: str) -> str:
    """The full name of the outlet that `name` means. Raises ContentError where there is none."""
    from digest.taxonomy.outlets import Outlets  # noqa: PLC0415

    outlets = Outlets(config.profiles, {})
    slug = outlets.find(name)
    if slug is None:
        raise ContentError(f"{name!r} is no outlet known here{outlets.suggest(name)}")
    return next(profile.name for profile in config.profiles if profile.slug == slug)


def _now(config: SiteConfig) -> datetime:
    return (read_now() or datetime.now(UTC)).astimezone(ZoneInfo(config.timezone))


def _create(config: SiteConfig, file: NewFile, *, edit: bool) -> None:
    """Writes the file below the first content folder."""
    from digest.starting.files import write_new  # noqa: PLC0415

    root = Path(config.content[0])
    write_new(root, [file])
    _show(root / file.path, edit=edit)


def _show(place: Path, *, edit: bool) -> None:
    here = Path.cwd()
    click.echo(str(place.relative_to(here) if place.is_relative_to(here) else place))
    if edit:
        click.edit(filename=str(place))

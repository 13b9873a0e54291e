"""`site.toml` and the folders named on the command line → `SiteConfig`, or every fault at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from digest.errors import ConfigError, Problem
from digest.folders import Folders, absolute, faults, locate
from digest.model import Lang
from digest.permalinks import Permalinks
from digest.places import FILE_NAME
from digest.site_file import Publish, TopicRule, Written, is_no_site_url, read_site_file
from digest.sources import builtin_slugs, clashes, read_builtin, resolve
from digest.sources.profile import Profile
from digest.toml_lines import Key

__all__ = ["SiteConfig", "TopicRule", "load_config", "read_default_topics"]

_DEFAULT_TOPICS = Path(__file__).parent / "taxonomy" / "data" / "topics.toml"
_NOT_RENDERED = frozenset(
    {"site", "content", "output", "templates", "static", "hooks", "publish", "fingerprint", "check_ignore"}
)


class SiteConfig(Struct, frozen=True, kw_only=True):
    """Everything a build is told. Paths are absolute; `url` ends without a slash and may be empty.

    `base_path` is the path of `url`, with a slash at both ends. `profiles` are the site's own
    outlets in the order of the file, then the built-in ones by slug. `hooks` are the Python
    files the site's outlets name. `check_ignore` are the findings of `digest check` that the site
    does not want to hear of. `permalinks` tell where an older site had the articles, if their old
    addresses are to lead here. `fingerprint` is equal where two configurations ask for the same output
    from the same content: it covers every setting, outlet and topic and the bytes of the hooks, but no
    path, and not what is said of the site or done with it afterwards.
    """

    site: str
    title: str
    url: str
    base_path: str
    description: str
    language: Lang
    timezone: str
    content: tuple[str, ...]
    output: str
    templates: str
    static: str
    ignore: tuple[str, ...]
    canonical: Literal["self", "original"]
    feed_items: int
    feed_authority: str
    threads_automatic: bool
    page_size: int
    tag_minimum: int
    home_days: int
    topics: tuple[TopicRule, ...]
    profiles: tuple[Profile, ...]
    publish: Publish = Publish()
    hooks: tuple[str, ...] = ()
    fingerprint: str = ""
    check_ignore: tuple[str, ...] = ()
    permalinks: Permalinks | None = None


def load_config(
    site: Path, *, content: Sequence[Path] = (), output: Path | None = None, url: str | None = None
) -> SiteConfig:
    """The configuration of the folder `site`, which may lack a `site.toml`.

    `content`, `output` and `url` stand for the options of these names: they go before the file's. Folders
    are relative to the current directory, while the file's own paths are relative to it.

    Raises ConfigError with every fault found, in the order of lines.
    """
    if not site.is_dir():
        what = "is no folder" if site.exists() else "does not exist"
        raise ConfigError((Problem("no-folder", f"{what} (expected the site's folder)", str(site)),))
    path = str(site / FILE_NAME)
    written = _read_file(site / FILE_NAME, path)
    folders = locate(site, written, content, output)
    problems = [*written.problems, *_folder_problems(folders, written, path)]
    profiles, trouble = _resolve_sources(written, path)
    problems += trouble
    hooks, trouble = _find_hooks(site, written, path)
    problems += trouble
    if url is not None and (phrase := is_no_site_url(url)):
        problems.append(Problem("bad-value", f"{url!r} {phrase}", "--url"))
    if problems:
        raise ConfigError(tuple(sorted(problems, key=lambda p: (p.path != path, p.line))))
    return _assemble(written, folders, profiles, hooks, written.site.url if url is None else url)


def read_default_topics() -> tuple[TopicRule, ...]:
    """The vocabulary shipped with digest, in the order of its file."""
    table = tomllib.loads(_DEFAULT_TOPICS.read_text("utf-8"))
    return tuple(msgspec.convert(rule | {"slug": slug}, TopicRule) for slug, rule in table.items())


def _read_file(file: Path, path: str) -> Written:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return Written()
    except OSError as error:
        raise ConfigError((Problem("unreadable", f"cannot be read: {error.strerror}", path),)) from error
    return read_site_file(data, path, builtin_slugs())


def _folder_problems(folders: Folders, written: Written, path: str) -> Iterator[Problem]:
    for folder, message in faults(folders, written):
        line = written.line_of(folder.key) if folder.key else 0
        yield Problem("bad-folder", message, folder.option or path, line)


def _resolve_sources(written: Written, path: str) -> tuple[tuple[Profile, ...], list[Problem]]:
    builtin = {profile.slug: profile for profile in read_builtin()}
    known = dict(builtin)
    for slug, table in written.sources.items():
        known[slug] = resolve(table, known.values())
    own = [known[slug] for slug in written.sources]
    # The site's own come last here, so that they are the ones a clash is laid to.
    others = [profile for slug, profile in builtin.items() if slug not in written.sources]
    problems = []
    for slug, key, what in clashes([*others, *own]) if own else ():
        place: Key = ("sources", slug, key) if key in written.sources.get(slug, {}) else ("sources", slug)
        problems.append(Problem("bad-value", f"sources.{slug}.{key} {what}", path, written.line_of(place)))
    return (*own, *others), problems


def _find_hooks(site: Path, written: Written, path: str) -> tuple[tuple[str, ...], list[Problem]]:
    hooks: dict[str, None] = {}
    problems = []
    for slug, table in written.sources.items():
        name = table.get("hook", "").rpartition(":")[0]
        if not name:
            continue
        place = absolute(site / name)
        if place.is_file():
            hooks[str(place)] = None
        else:
            message = f"sources.{slug}.hook: no file {name!r} in the site's folder"
            problems.append(Problem("bad-value", message, path, written.line_of(("sources", slug, "hook"))))
    return tuple(hooks), problems


def _assemble(
    written: Written, folders: Folders, profiles: tuple[Profile, ...], hooks: tuple[str, ...], url: str
) -> SiteConfig:
    file = written.site
    url = url.rstrip("/")
    redirects = file.redirects
    own = {rule.slug: rule for rule in written.topics}
    defaults = read_default_topics() if written.default_topics else ()
    config = SiteConfig(
        site=str(folders.site),
        title=file.title or folders.site.name or "digest",
        url=url,
        base_path=urlsplit(url).path.rstrip("/") + "/",
        description=file.description,
        language=file.language,
        timezone=file.timezone,
        content=tuple(str(folder.place) for folder in folders.content),
        output=str(folders.output.place),
        templates=str(folders.templates.place),
        static=str(folders.static.place),
        ignore=file.ignore,
        canonical=file.canonical,
        feed_items=file.feeds.items,
        feed_authority=file.feeds.authority,
        threads_automatic=file.threads.automatic,
        page_size=file.lists.page_size,
        tag_minimum=file.lists.tag_minimum,
        home_days=file.lists.home_days,
        topics=(*(own.pop(rule.slug, rule) for rule in defaults), *own.values()),
        profiles=profiles,
        publish=file.publish,
        hooks=hooks,
        check_ignore=file.check.ignore,
        permalinks=Permalinks(redirects.jekyll, redirects.timezone) if redirects.jekyll else None,
    )
    return msgspec.structs.replace(config, fingerprint=_fingerprint(config))


def _fingerprint(config: SiteConfig) -> str:
    settings = {name: getattr(config, name) for name in config.__struct_fields__ if name not in _NOT_RENDERED}
    state = blake2b(msgspec.json.encode(settings), digest_size=16)
    for hook in config.hooks:
        state.update(blake2b(Path(hook).read_bytes(), digest_size=16).digest())
    return state.hexdigest()

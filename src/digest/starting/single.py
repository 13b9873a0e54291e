"""Single new files: an article, a thread, an edition's note, an outlet's table. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import unquote, urlsplit

from digest.curation.front_matter import Change, Entry, change
from digest.errors import ContentError
from digest.ids import page_id, short_hash
from digest.permalinks import slugify
from digest.sources.address import Address
from digest.starting.files import NewFile, toml_text

_BODY = "正文写在这里。"
_NOTE = "<!-- 写在这里的话排在当天新闻之前。链接可以写文章的编号：[标题](voa-7349126)。这一行不会显示。 -->"
_HINT = """\
# Say what belongs: articles by their address or id,
# include:
#   - voa-7349126
# or words, of each group of which one must stand in the article (write both scripts).
# words:
#   - [习近平, 習近平, Xi]
"""
_LONGEST = 40
_NO_WORD = re.compile(r"[\d._~-]*\Z")
_SUFFIX = re.compile(r"\.(?:s?html?|php|aspx?)\Z", re.I)


def article(title: str, now: datetime, address: Address | None = None, category: str = "") -> NewFile:
    """An article to be written or pasted by hand. `address` is that of the original, where there is one:
    then the file lies in its outlet's folder, else in `articles`. `category` is an outlet's name."""
    day = now.date().isoformat()
    if address:
        name = page_id(address.source, address.key).removeprefix(f"{address.source}-")
    else:
        name = slugify(title)[:_LONGEST].strip("-") or short_hash(title)
    rows = [f"title: {_quoted(title)}", f"date: {now.isoformat('T', 'seconds')}"]
    rows += [f"from: {address.canonical}"] if address else []
    rows += [f"categories: [ {_quoted(category)} ]"] if category else []
    folder = address.source if address else "articles"
    return NewFile(f"{folder}/{day}-{name}.md", "\n".join(["---", *rows, "---", "", _BODY, ""]))


def title_of(url: str) -> str:
    """What the address itself tells of an article's title: the last part of its path that has words in
    it, else the address."""
    for part in reversed(urlsplit(url).path.split("/")):
        words = _SUFFIX.sub("", unquote(part))
        if not _NO_WORD.match(words) and len(words) > 1:
            return " ".join(re.split(r"[\s_-]+", words)).strip()
    return unquote(url)


def edition(day: str, title: str = "") -> NewFile:
    """The note that leads a day."""
    head = f"title: {_quoted(title)}" if title else "title:"
    return NewFile(f"editions/{day}.md", f"---\n{head}\n---\n\n{_NOTE}\n")


def thread(slug: str, title: str, include: Iterable[Entry], words: Sequence[Sequence[str]]) -> NewFile:
    """A story by its members, by words (groups of alternatives), or with neither yet."""
    path, members = f"threads/{slug}.md", tuple(include)
    groups = "".join(f"  - [{', '.join(map(_quoted, group))}]\n" for group in words)
    hint = "" if members or words else _HINT
    changes = [Change("title", put=Entry(title)), Change("include", add=members)]
    head = f"---\nid: {slug}\n" + (f"words:\n{groups}" if groups else "") + f"{hint}---\n\n"
    return NewFile(path, change(head, changes, path))


def outlet(slug: str, name: str, domain: str, timezone: str, parent: str = "") -> str:
    """The table of an outlet for `site.toml`."""
    rows = [f"[sources.{slug}]"]
    rows += [f"extends = {toml_text(parent)} # its pages are built like this outlet's"] if parent else []
    rows += [f"name = {toml_text(name)}", f"domains = [{toml_text(domain)}]"]
    if not parent:
        rows.append(f"timezone = {toml_text(timezone)} # of times printed without a zone")
    return "\n".join([*rows, ""])


def domain_of(text: str) -> str:
    """The domain in an address or in itself, lower case. Raises ContentError for what is none."""
    host = (urlsplit(text if "//" in text else f"//{text}").hostname or "").rstrip(".")
    if not re.fullmatch(r"[^\s/:.@]+(?:\.[^\s/:.@]+)+", host):
        raise ContentError(f"{text!r} is no domain (expected the form www.example.org)")
    return host


def slug_of(domain: str, known: Iterable[str]) -> str:
    """A short name for the outlet at `domain` that none of `known` has: its second-level name, else
    all of the domain."""
    parts = domain.removeprefix("www.").removeprefix("m.").split(".")
    names = (parts[-2] if len(parts) < 3 or len(parts[-2]) > 3 else parts[-3], "-".join(parts))
    for name in names:
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        if slug and slug not in known:
            return slug
    return f"outlet-{short_hash(domain)}"


def _quoted(text: str) -> str:
    """A text in double quotes, which JSON and YAML write alike."""
    return json.dumps(text, ensure_ascii=False)

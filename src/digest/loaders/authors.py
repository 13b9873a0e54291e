"""Who wrote an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from digest.loaders.blocks import Block
from digest.loaders.envelope import Envelope
from digest.loaders.frontmatter import as_list
from digest.loaders.marking import Harvest
from digest.loaders.notebook import Notebook
from digest.loaders.origin import Origin
from digest.loaders.passes import draw_authors
from digest.loaders.reading import AuthorFinder
from digest.loaders.titles import clean_title
from digest.text.html import squeeze

_EDGES = " \t\n\u3000·,，。、;；:：/|-–—\"'"
_BRACKETS = (("(", ")"), ("（", "）"), ("[", "]"), ("【", "】"), ("《", "》"), ("<", ">"))
_LONGEST = 60
_Text = tuple[AuthorFinder | None, str]


def find_authors(
    envelope: Envelope,
    origin: Origin,
    found: Harvest,
    blocks: Sequence[Block],
    original: Sequence[Block],
    is_outlet: Callable[[str], bool],
    book: Notebook,
) -> tuple[str, ...]:
    """The names the profile's rules find, in order; without rules those of the front matter, else of
    a whole page's head. `original` are the text blocks as they were before any was stripped."""
    texts: list[_Text] = []
    front = as_list(envelope.front.get("author") or envelope.front.get("authors"))
    rules = origin.reading.authors
    for finder in rules:
        if finder.rule.fallback and texts:
            continue
        hits = [text for number, text in found.authors if number == finder.number]
        hits.extend(draw_authors(blocks, original, finder))
        if finder.rule.front:
            hits.extend(front)
        texts.extend((finder, hit) for hit in hits if hit)
        if hits:
            book.note("authors", f"author rule {finder.number}: {'; '.join(hits)}")
    if not rules and front:
        texts.extend((None, name) for name in front)
        book.note("authors", "front matter")
    if not texts and origin.head.author:
        texts.extend((None, name) for name in origin.head.author)
        book.note("authors", "page head")
    return clean_authors(texts, is_outlet) if texts else ()


def clean_authors(texts: Iterable[_Text], is_outlet: Callable[[str], bool]) -> tuple[str, ...]:
    """The names in what author rules found, each once, in order; an outlet's name is none."""
    names: dict[str, None] = {}
    for finder, text in texts:
        clean = clean_title(text)
        for part in finder.split.split(clean) if finder and finder.split else [clean]:
            kept = finder.drop.sub("", part or "") if finder and finder.drop is not None else part or ""
            name = _trim_name(squeeze(kept))
            if name and len(name) <= _LONGEST and not name.isdigit() and not is_outlet(name):
                names.setdefault(name)
    return tuple(names)


def _trim_name(name: str) -> str:
    """Without the marks around a name; a bracket or dot that belongs to it stays."""
    name = name.strip(_EDGES)
    for opening, closing in _BRACKETS:
        if name.startswith(opening) and (name.endswith(closing) or closing not in name):
            name = name[1:].removesuffix(closing).strip(_EDGES)
        if name.endswith(closing) and opening not in name:
            name = name[:-1].rstrip(_EDGES)
    return name.removesuffix(".") if "." not in name[:-1] else name

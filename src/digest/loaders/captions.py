"""Which picture a caption belongs to, and what in it is the credit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from digest.loaders.blocks import Block
from digest.loaders.passes import plain
from digest.loaders.reading import Reading
from digest.loaders.pictures import picture_address
from digest.ids import host_of
from digest.model import Picture
from digest.text.html import escape, safe_link, squeeze

_LABELS = frozenset(("caption", "credit"))
_LONGEST_CAPTION = 600  # the longest real one has 428 characters; beyond, an outlet told the story in it
_PASSED = frozenset(("caption", "credit", "stripped", "blank"))


class Gallery(NamedTuple):
    """The pictures of an article, in order, each with its block; the lead picture's place or -1."""

    blocks: list[Block]
    shown: dict[int, Picture]  # by id(block): what a picture or an embed shows
    pictures: list[tuple[Block, Picture]]
    hero: int


def hang_pictures(blocks: list[Block], reading: Reading, base: str, titles: Sequence[str]) -> Gallery:
    """Resolve addresses, give each caption to its picture, split off credits, choose the lead picture.

    The blocks come back without pictures that show nothing; captions of those are stripped,
    captions without any picture near are text.
    """
    found = any(b.kind in ("picture", "embed") or b.kind in _LABELS for b in blocks)
    if not found:
        return Gallery(blocks, {}, [], -1)
    for block in blocks:
        if block.kind == "picture":
            block.url = picture_address(block.attrs or {}, base, reading.placeholders)
            if block.url and "://" not in block.url:
                block.rule = "local"
            block.alt = squeeze((block.attrs or {}).get("alt") or "")
        elif block.kind == "embed":
            block.url = _embed_address(block.attrs or {}, base)
    lead = _lead_place(blocks, reading)
    owners = [_owner(blocks, i, lead) if b.kind in _LABELS else -1 for i, b in enumerate(blocks)]
    wanted = {plain(t) for t in titles} if reading.profile.caption.drop_if_title else set()
    captions: dict[int, list[str]] = {}
    credits: dict[int, list[str]] = {}
    kept: list[Block] = []
    for i, block in enumerate(blocks):
        if block.kind in _LABELS:
            kept.extend(_settle(block, owners[i], blocks, reading, wanted, captions, credits))
        elif block.kind not in ("picture", "embed") or block.url:
            kept.append(block)
    shown: dict[int, Picture] = {}
    pictures: list[tuple[Block, Picture]] = []
    hero = -1
    for i, block in enumerate(blocks):
        if block.kind not in ("picture", "embed") or not block.url:
            continue
        caption = squeeze(" ".join(captions.get(i, ()))) or None
        credit = squeeze(" ".join(credits.get(i, ()))) or None
        if caption is None and block.kind == "picture" and (name := reading.profile.hero.caption_attr):
            caption, credit = _attribute_caption(block, name, titles, reading, credit)
        picture = Picture(block.url, caption, credit)
        if block.kind == "picture":
            if i == lead:
                hero = len(pictures)
            pictures.append((block, picture))
        elif picture.caption or picture.credit:
            picture = Picture(block.url, " ".join(x for x in (picture.caption, picture.credit) if x))
        shown[id(block)] = picture
    return Gallery(kept, shown, pictures, hero)


def _attribute_caption(
    block: Block, name: str, titles: Sequence[str], reading: Reading, credit: str | None
) -> tuple[str | None, str | None]:
    """Caption and credit out of an attribute of the picture; a repeated title is none."""
    text = squeeze((block.attrs or {}).get(name) or "")
    if len(text) < 4 or plain(text) in {plain(t) for t in titles}:
        return None, credit
    if text.isascii() and text.count(" ") < 2:
        return None, credit  # "poster" or "grey line" names the file, not what is to be seen
    found = reading.credit.search(text) if reading.credit is not None and credit is None else None
    if found and found[0].strip():
        credit = ((found[1] if found.re.groups else found[0]) or found[0]).strip()
        text = squeeze(text[: found.start()] + text[found.end() :])
    return text or None, credit


def _lead_place(blocks: Sequence[Block], reading: Reading) -> int:
    """The index of the lead picture's block, or -1."""
    rule = reading.profile.hero
    before_text = True
    for i, block in enumerate(blocks):
        if block.kind == "text":
            before_text = False
            if rule.only_leading or not rule.css:
                return -1
        if (
            block.kind == "picture"
            and block.url
            and (not rule.css or block.hero)
            and (before_text or not rule.only_leading)
        ):
            return i
    return -1


def _owner(blocks: Sequence[Block], place: int, lead: int) -> int:
    """The index of the picture or embed a caption belongs to; -1 for none."""
    label = blocks[place]
    if label.figure:
        same = [
            i for i, b in enumerate(blocks) if b.figure == label.figure and b.kind in ("picture", "embed")
        ]
        before = [i for i in same if i < place]
        if same:
            return before[-1] if before else same[0]
    i = place - 1
    while i >= 0 and blocks[i].kind in _PASSED:
        i -= 1
    if i >= 0 and blocks[i].kind in ("picture", "embed"):
        if label.rule == "hero" and i != lead and blocks[i].url and not _first_of_its_kind(blocks, i):
            return -1
        # A poster and its video stand side by side; the picture shows the caption.
        if blocks[i].kind == "embed" and i and blocks[i - 1].kind == "picture" and blocks[i - 1].url:
            return i - 1
        return i
    return -1


def _first_of_its_kind(blocks: Sequence[Block], place: int) -> bool:
    """No text before it: a picture or embed at the head of the article."""
    return not any(b.kind == "text" for b in blocks[:place])


def _settle(
    block: Block,
    owner: int,
    blocks: Sequence[Block],
    reading: Reading,
    titles: set[str],
    captions: dict[int, list[str]],
    credits: dict[int, list[str]],
) -> list[Block]:
    """Give a caption or credit to its owner; the blocks it becomes."""
    if owner < 0 or len(block.text) > _LONGEST_CAPTION:
        block.kind = "text"
        block.rule = ""
        return [block]
    if not blocks[owner].url:
        block.strip_all("caption without picture")
        return [block]
    text = block.text
    block.rule = ""
    if titles and plain(text) in titles:
        block.strip_all("caption repeats title")
        return [block]
    if block.kind == "credit":
        credits.setdefault(owner, []).append(text)
        return [block]
    found = reading.credit.search(text) if reading.credit is not None else None
    if not found or not found[0].strip():
        captions.setdefault(owner, []).append(text)
        return [block]
    name = (found[1] if found.re.groups else found[0]) or found[0]
    credits.setdefault(owner, []).append(name.strip())
    pieces = (("caption", text[: found.start()]), ("credit", found[0]), ("caption", text[found.end() :]))
    made: list[Block] = []
    for kind, words in pieces:
        if words.strip():
            part = Block(kind, "p", block.boxes, block.figure)
            part.parts = [escape(words.strip())]
            made.append(part)
            if kind == "caption":
                captions.setdefault(owner, []).append(words)
    return made


def _embed_address(attrs: dict[str, str], base: str) -> str:
    for name in (
        "data-src",
        "src",
        "data-url",
        "data-href",
        "inner-src",
        "inner-href",
        "cite",
        "data",
        "href",
    ):
        address = attrs.get(name, "")
        if address.startswith("//"):
            address = "https:" + address
        link = safe_link(address, base) if address else ""
        if link.startswith("http") and not _same_page(link, base):
            return link
    return ""


def _same_page(link: str, base: str) -> bool:
    return link == base or not host_of(link) or link.startswith("about:")


__all__ = ["Gallery", "hang_pictures"]

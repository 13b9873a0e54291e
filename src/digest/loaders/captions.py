"""Which picture a caption belongs to, what in it is the credit, and which picture leads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from digest.loaders.blocks import Block
from digest.loaders.passes import plain
from digest.loaders.pictures import embed_address, picture_address
from digest.loaders.reading import Reading
from digest.model import Picture
from digest.text.html import escape, squeeze

_LABELS = frozenset(("caption", "credit"))
_SHOWN = frozenset(("picture", "embed"))
_HUNG = _SHOWN | _LABELS
_PASSED = frozenset(("caption", "credit", "stripped", "blank"))
_LONGEST_CAPTION = 600  # the longest real one has 428 characters; beyond, an outlet told the story in it


class Gallery(NamedTuple):
    """The blocks of an article, what each picture and embed among them shows (by `id(block)`), the
    pictures in order with their blocks, and the place of the lead picture among these, or -1."""

    blocks: list[Block]
    shown: dict[int, Picture]
    pictures: list[tuple[Block, Picture]]
    hero: int


def hang_pictures(blocks: list[Block], reading: Reading, base: str, titles: Sequence[str]) -> Gallery:
    """Resolve addresses, give each caption to its picture, split off credits, choose the lead picture.

    Pictures that show nothing are gone from the result and their captions stripped; captions
    without any picture near are text.
    """
    if _HUNG.isdisjoint([block.kind for block in blocks]):
        return Gallery(blocks, {}, [], -1)
    for block in blocks:
        if block.kind == "picture":
            _resolve_picture(block, reading, base)
        elif block.kind == "embed":
            block.url = embed_address(block.attrs or {}, base)
    wall = _Wall(blocks, reading, titles)
    owners = [wall.find_owner(i) if b.kind in _LABELS else -1 for i, b in enumerate(blocks)]
    kept: list[Block] = []
    for owner, block in zip(owners, blocks, strict=True):
        if block.kind in _LABELS:
            kept.extend(wall.settle(block, owner))
        elif block.url or block.kind not in _SHOWN:
            kept.append(block)
    places = [place for place, block in enumerate(blocks) if block.kind in _SHOWN and block.url]
    shown = {id(blocks[place]): wall.describe(place) for place in places}
    pictures = [place for place in places if blocks[place].kind == "picture"]
    hero = pictures.index(wall.lead) if wall.lead >= 0 else -1
    return Gallery(kept, shown, [(blocks[place], shown[id(blocks[place])]) for place in pictures], hero)


def _resolve_picture(block: Block, reading: Reading, base: str) -> None:
    attrs = block.attrs or {}
    block.url = picture_address(attrs, base, reading.placeholders)
    if block.url and "://" not in block.url:
        block.rule = "local"
        block.alt = squeeze(attrs.get("alt") or "")


class _Wall:
    """The pictures of one article, and the captions and credits hung under each (by its place)."""

    def __init__(self, blocks: Sequence[Block], reading: Reading, titles: Sequence[str]) -> None:
        self.blocks = blocks
        self.reading = reading
        caption, hero = reading.profile.caption, reading.profile.hero
        self.titles = (
            frozenset(map(plain, titles)) if caption.drop_if_title or hero.caption_attr else frozenset()
        )
        self.captions: dict[int, list[str]] = {}
        self.credits: dict[int, list[str]] = {}
        self.first_text = next((i for i, b in enumerate(blocks) if b.kind == "text"), len(blocks))
        self.lead = self._find_lead()

    def _find_lead(self) -> int:
        """The place of the lead picture, or -1: one the profile's CSS marks, else the first before
        any text."""
        rule = self.reading.profile.hero
        reach = len(self.blocks) if rule.css and not rule.only_leading else self.first_text
        for place, block in enumerate(self.blocks[:reach]):
            if block.kind == "picture" and block.url and (block.hero or not rule.css):
                return place
        return -1

    def find_owner(self, place: int) -> int:
        """The place of the picture or embed a caption belongs to: in its own figure, else right
        before it; -1 for none."""
        blocks, label = self.blocks, self.blocks[place]
        if label.figure:
            same = _in_figure(blocks, place)
            if same:
                return max((i for i in same if i < place), default=same[0])
        i = place - 1
        while i >= 0 and blocks[i].kind in _PASSED:
            i -= 1
        if i < 0 or blocks[i].kind not in _SHOWN:
            return -1
        if label.rule == "hero" and i != self.lead and blocks[i].url and i > self.first_text:
            return -1
        # A poster and its video stand side by side; the picture shows the caption.
        poster = blocks[i].kind == "embed" and i > 0 and blocks[i - 1].kind == "picture" and blocks[i - 1].url
        return i - 1 if poster else i

    def settle(self, block: Block, owner: int) -> list[Block]:
        """Give a caption or credit to its owner; the blocks it becomes."""
        text, label = block.text, block.kind
        block.rule = ""
        if owner < 0 or len(text) > _LONGEST_CAPTION:
            block.kind = "text"
        elif not self.blocks[owner].url:
            block.strip_all("caption without picture")
        elif self.reading.profile.caption.drop_if_title and plain(text) in self.titles:
            block.strip_all("caption repeats title")
        elif label == "credit":
            self.credits.setdefault(owner, []).append(text)
        else:
            return self._split_credit(block, owner)
        return [block]

    def _split_credit(self, block: Block, owner: int) -> list[Block]:
        text = block.text
        found = self.reading.credit.search(text) if self.reading.credit is not None else None
        if not found or not found[0].strip():
            self.captions.setdefault(owner, []).append(text)
            return [block]
        self.credits.setdefault(owner, []).append(_credit_of(found[0], found[1] if found.re.groups else ""))
        made: list[Block] = []
        for kind, words in (
            ("caption", text[: found.start()]),
            ("credit", found[0]),
            ("caption", text[found.end() :]),
        ):
            if words.strip():
                part = Block(kind, "p", block.boxes, block.figure)
                part.parts = [escape(words.strip())]
                made.append(part)
                if kind == "caption":
                    self.captions.setdefault(owner, []).append(words)
        return made

    def describe(self, place: int) -> Picture:
        """What the picture or embed at `place` shows. An embed has one line under it."""
        block = self.blocks[place]
        caption = squeeze(" ".join(self.captions.get(place, ()))) or None
        credit = squeeze(" ".join(self.credits.get(place, ()))) or None
        if block.kind == "embed":
            return Picture(block.url, " ".join(words for words in (caption, credit) if words) or None)
        if caption is None and self.reading.profile.hero.caption_attr:
            caption, credit = self._read_attribute(block, credit)
        return Picture(block.url, caption, credit)

    def _read_attribute(self, block: Block, credit: str | None) -> tuple[str | None, str | None]:
        """Caption and credit out of an attribute of the picture; a repeated title is none."""
        text = squeeze((block.attrs or {}).get(self.reading.profile.hero.caption_attr) or "")
        # "poster" or "grey line" names the file, not what is to be seen.
        if len(text) < 4 or (text.isascii() and text.count(" ") < 2) or plain(text) in self.titles:
            return None, credit
        found = (
            self.reading.credit.search(text) if self.reading.credit is not None and credit is None else None
        )
        if found and found[0].strip():
            credit = _credit_of(found[0], found[1] if found.re.groups else "")
            text = squeeze(text[: found.start()] + text[found.end() :])
        return text or None, credit


def _in_figure(blocks: Sequence[Block], place: int) -> list[int]:
    """The places of the pictures and embeds in the figure of the block at `place`; a figure's blocks
    stand together."""
    figure = blocks[place].figure
    first = last = place
    while first > 0 and blocks[first - 1].figure == figure:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].figure == figure:
        last += 1
    return [i for i in range(first, last + 1) if blocks[i].kind in _SHOWN]


def _credit_of(match: str, group: str | None) -> str:
    return (group or match).strip()

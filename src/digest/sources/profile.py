r"""What is known of an outlet, as data: the types a profile TOML is read into.

A profile says how an outlet's scraped files are read. `docs/pages/sources.md` is the
manual; the field comments here are its source. Regular expressions are Python's,
searched with re.S in *text* (never in HTML) unless a field says otherwise, and
must not nest quantifiers (`(\s|x)*`): real files hold runs of 40 blanks.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class DateRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a publication time stands, and how it is written. Rules are tried in order.

    Either `css` (the element's text, or its attribute `attr`), or `opening` (regex on the
    text of the first blocks of the body), or `url` (regex on the decoded URL). A regex's
    group 1 (else the whole match) is the date; the element or the matched text leaves
    the running text under the rule's name.
    """

    css: str = ""
    attr: str = ""
    opening: str = ""
    url: str = ""
    format: str = "iso"  # iso | rfc822 | roc | a strptime pattern
    zone: str = ""  # for times written without one; default: the profile's
    day_only: bool = False  # a day without a clock time
    match: str = ""  # with css: regex on the element's text; group 1 (else the match) is the date


class Shift(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A repair of the epoch comment. The first shift whose conditions all hold is applied."""

    hours: float
    before: str = ""  # the comment is earlier than this RFC 3339 time
    since: str = ""  # the front matter's date is not earlier than this
    ahead: bool = False  # the comment is more than a second after the front matter's date


class StripRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Boilerplate. Exactly one of the six ways of finding it. `rule` names it in `inspect`."""

    rule: str
    css: str = ""  # the element with all it holds
    block: str = ""  # a whole block (paragraph, list item, heading) whose text matches
    after: str = ""  # the first block that matches, and all that follow
    start: str = ""  # a match at the start of the first text block
    end: str = ""  # a match at the end of the last text block
    inline: str = ""  # a match anywhere in a block
    where: Literal["any", "first", "last"] = (
        "any"  # for `block`: any, or only the first/last one or two text blocks
    )
    unless_css: str = ""  # with css: not if the element also matches this
    links_only: bool = False  # with css: only if all its words stand in links


class AuthorRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who wrote it. All rules that hit contribute, in order, unless `fallback`.

    `css` finds elements (or attribute `attr`), `block` a regex on whole blocks,
    `opening`/`closing` one on the first/last two text blocks, `front` uses the front matter's author.
    Group 1 holds the names; `split` is a regex between names. With `strip` the matched
    text leaves the running text as byline.
    """

    css: str = ""
    attr: str = ""
    block: str = ""
    opening: str = ""
    closing: str = ""
    front: bool = False
    split: str = "[,，、;；/／]| and | & "
    drop: str = ""  # regex: names that are none, or parts to remove
    strip: bool = True
    fallback: bool = False  # only if no rule before it hit
    match: str = ""  # with css: regex on the element's text; group 1 holds the names


class HeroRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lead picture: the first element of `css` that carries an address."""

    css: str = ""  # default: a picture before the first text
    caption: str = ""  # css of the caption, searched in and right after the picture's own figure/box
    credit: str = ""  # css of the credit likewise
    caption_attr: str = ""  # else this attribute of the picture (alt, title, aria-label)
    only_leading: bool = True  # the picture must come before the first text block


class CaptionRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Captions of all pictures: elements that hold one, and how credit is split off."""

    css: tuple[str, ...] = ()  # besides figcaption
    credit_css: tuple[str, ...] = ()
    credit: str = ""  # regex on the caption's text; group 1 (else the match) is the credit
    drop_if_title: bool = False  # a caption that repeats the title is none


class TitleRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a title is cleaned. All are regexes on the unescaped title."""

    strip: tuple[str, ...] = ()  # removed (site suffixes)
    prefix: str = ""  # a rubric in front: kept with its separator as kicker
    suffix: str = ""  # a rubric behind: group 1 is the kicker, the match is removed


class UrlRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an original address is made canonical, and where the article key stands."""

    key: str = ""  # regex on the decoded canonical URL; the groups, joined by `-`, are the key
    path_key: bool = False  # the key is the decoded path, lower case, slashes folded
    keep_query: tuple[str, ...] = ()  # query parameters that are part of the address
    raw_question: bool = False  # a `?` in the slug is part of the path
    replace: tuple[tuple[str, str], ...] = ()  # (regex, replacement) on the whole URL
    section: str = ""  # regex on the decoded URL; group 1 is the outlet's section


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One outlet. Everything but `slug` and `name` has a sensible default."""

    slug: str
    name: str
    names: tuple[str, ...] = ()  # other names: categories, folders, authors that are no person
    homepage: str = ""
    domains: tuple[str, ...] = ()
    language: str = ""  # only where the text has no letters to tell by
    timezone: str = "UTC"
    comment: Literal["published", "poll"] = "published"  # what the epoch comment tells
    earliest: bool = False  # the published time is the earlier of body and comment
    clock: tuple[Shift, ...] = ()
    url: UrlRule = UrlRule()
    title: TitleRule = TitleRule()
    dates: tuple[DateRule, ...] = ()
    authors: tuple[AuthorRule, ...] = ()
    lead: tuple[str, ...] = ()  # css of the standfirst; the first that hits before other text
    hero: HeroRule = HeroRule()
    caption: CaptionRule = CaptionRule()
    placeholders: tuple[str, ...] = ()  # regexes on picture URLs that are no picture
    related: tuple[str, ...] = ()  # css of links to other articles; their boxes are for `strip`
    empty_links: bool = False  # an empty anchor is a related link
    tags: tuple[str, ...] = ()  # css of tag links: kept as tags, unwrapped in the text
    embeds: tuple[str, ...] = ()  # css of embeds besides iframe, video, audio, twitter
    strip: tuple[StripRule, ...] = ()
    truncated: str = ""  # regex: the outlet itself cut the text here
    paragraphs: Literal["markup", "breaks"] = "markup"  # `breaks`: every <br> ends a paragraph
    markdown_bold: bool = False  # a paragraph `**words**` is a sub-heading
    hook: str = ""  # `folder/file.py:function`, given a BeautifulSoup tree
    extends: str = ""
    drop_caps: str = ""  # css of the small capitals behind a drop cap: joined to it
    bare_excerpt: bool = False  # a body without a single tag is the feed's excerpt: truncated

"""Links of a body that lead to an article of this archive, and pictures that lie beside it.

Bodies are serialised HTML: attributes in double quotes, with `&`, `<`, `>` and `"`
escaped by `text.html`. So an address is found by exact comparison, and nothing is parsed again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import escape

from digest.text.html import escape_attribute

if TYPE_CHECKING:
    from collections.abc import Iterable

_PICTURE = re.compile(r'(<a class="picture-link" href="[^"]*">)[^<]*</a>')


def link_locally(html: str, local: Iterable[tuple[str, str]], root: str, label: str) -> str:
    """Let links to an original address lead to the page here, the original kept beside it.

    `local` pairs original addresses, as they stand in the body, with addresses relative to the
    site's root, which lies at `root`. The original follows the link as `<a class=src>` with the
    words `label`. A link that is not in the body, or has no end, changes nothing.
    """
    for original, href in dict(local).items():
        attribute = f'href="{escape_attribute(original)}"'
        place = html.find(attribute)
        if place < 0:
            continue
        source = f'<a class="src" {attribute}>{escape(label)}</a>'
        pieces: list[str] = []
        done = 0
        while place >= 0:
            end = html.find("</a>", place)
            if end < 0:
                break
            end += len("</a>")
            pieces += (html[done:place], f'href="{root}{href}"', html[place + len(attribute) : end], source)
            done = end
            place = html.find(attribute, done)
        pieces.append(html[done:])
        html = "".join(pieces)
    return html


def show_assets(html: str, assets: Iterable[tuple[str, str]], root: str) -> str:
    """Let pictures and links that name a file beside the text lead to that file's address here."""
    for reference, href in assets:
        for name in ("src", "href"):
            html = html.replace(f'{name}="{escape_attribute(reference)}"', f'{name}="{root}{href}"')
    return html


def name_pictures(html: str, word: str) -> str:
    """Let the links that stand for pictures say `word`; loaders write them in simplified Chinese."""
    return _PICTURE.sub(lambda found: f"{found[1]}{escape(word)}</a>", html)

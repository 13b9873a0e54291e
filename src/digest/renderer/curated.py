"""The curator's own texts: their links to articles of the archive and to files beside them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from digest.renderer.articles import find_assets
from digest.renderer.directory import href_of
from digest.renderer.links import link_locally, show_assets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.renderer.directory import Directory

_HREF = re.compile(r'href="([^"]*)"')


def settle(directory: Directory, html: str, page: str, *, path: str, assets: Iterable[str]) -> str:
    """The text as it stands on the page at `page` (relative to the root): links to an article's
    original address lead to its page here, the original beside it; pictures beside the file
    `path` are found."""
    digest = directory.digest
    root = "../" * page.count("/")
    wanted = dict.fromkeys(unescape(match[1]) for match in _HREF.finditer(html))
    local = [(url, href_of(directory.pages[digest.local[url]].url)) for url in wanted if url in digest.local]
    html = link_locally(html, local, root, directory.words.original)
    return show_assets(html, find_assets(path, assets), root)

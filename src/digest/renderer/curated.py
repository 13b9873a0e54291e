"""The curator's own texts: their links to articles of the archive, to each other and to files beside them."""

from __future__ import annotations

import re
from html import unescape
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from digest.renderer.articles import find_assets
from digest.renderer.directory import href_of
from digest.renderer.links import link_locally, show_assets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.renderer.directory import Directory

_HREF = re.compile(r'href="([^"]*)"')


def settle(directory: Directory, html: str, page: str, *, path: str, assets: Iterable[str]) -> str:
    """The text as it stands on the page at `page` (relative to the root): links to an article's
    original address lead to its page here, the original beside it; links to another file of the
    curator's lead to what it became; pictures beside the file `path` are found."""
    digest = directory.digest
    root = "../" * page.count("/")
    wanted = dict.fromkeys(unescape(match[1]) for match in _HREF.finditer(html))
    local = [(url, href_of(directory.pages[digest.local[url]].url)) for url in wanted if url in digest.local]
    html = link_locally(html, local, root, directory.words.original)
    html = _HREF.sub(lambda found: _link_file(directory, found, path, root), html)
    return show_assets(html, find_assets(path, assets), root)


def _link_file(directory: Directory, found: re.Match[str], path: str, root: str) -> str:
    reference, mark, anchor = found[1].partition("#")
    file = normpath(join(dirname(path), unquote(unescape(reference))))
    href = directory.written.get(file) if reference else None
    return found[0] if href is None else f'href="{root}{href}{mark}{anchor}"'

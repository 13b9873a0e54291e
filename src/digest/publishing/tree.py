"""What is published: the files that digest wrote, and the two that hosts want to see.

Bookkeeping stays behind, and so does whatever else lies in the output folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from digest.build.output import OutputFolder, digest_bytes

if TYPE_CHECKING:
    from digest.config import SiteConfig

NO_JEKYLL = ".nojekyll"
DOMAIN = "CNAME"
_HOSTS_OWN = (".github.io", ".gitlab.io", ".codeberg.page", ".pages.dev", ".netlify.app")
"""Names that the hosts themselves give out: no domain has to be claimed there."""


class Leaf(Struct, frozen=True, gc=False):
    """A file to publish: where it lies, or its bytes where `place` is empty; its digest and its size."""

    place: str
    data: bytes
    digest: str
    size: int

    def read(self) -> bytes:
        """The bytes of the file."""
        if not self.place:
            return self.data
        file = os.open(self.place, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            # The size is known: most files take one read, and half the time of a Python file object.
            data = os.read(file, self.size + 1)
            while chunk := os.read(file, 1 << 20):
                data += chunk
            return data
        finally:
            os.close(file)


Tree = Mapping[str, Leaf]
"""Files by their path, with `/`, in the order of paths."""


def gather(config: SiteConfig) -> Tree:
    """The tree of a site that has just been built. A site's own `.nojekyll` or `CNAME` stands."""
    written = OutputFolder(config.output).known
    leaves = {path: Leaf(f"{config.output}/{path}", b"", w.digest, w.size) for path, w in written.items()}
    extras = {NO_JEKYLL: b""}
    if domain := find_domain(config.url, config.publish.cname):
        extras[DOMAIN] = f"{domain}\n".encode()
    for path, data in extras.items():
        leaves.setdefault(path, Leaf("", data, digest_bytes(data), len(data)))
    return dict(sorted(leaves.items()))


def find_domain(url: str, cname: bool | str) -> str:  # noqa: FBT001 - the key's own type
    """The domain for a CNAME file: as given; else that of the site's address, where the site is all
    there is at it and the host does not give the name itself; else none."""
    if isinstance(cname, str):
        return cname
    address = urlsplit(url)
    host = address.hostname or ""
    if not cname or address.path.strip("/") or address.port or host.endswith(_HOSTS_OWN):
        return ""
    return host if "." in host.strip(".0123456789") else ""


def find_strangers(output: str, tree: Tree) -> list[str]:
    """Files of the output folder that digest did not write and that are therefore not published."""
    found: list[str] = []
    pending: list[tuple[str, str]] = [(output, "")]
    while pending:
        place, prefix = pending.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, f"{path}/"))
                elif path not in tree and not path.startswith(".digest-"):
                    found.append(path)
    return sorted(found)


def total_size(tree: Tree, paths: Iterable[str] | None = None) -> int:
    """Bytes of the files at `paths`, or of all."""
    return sum(tree[path].size for path in (tree if paths is None else paths))


def is_within(place: str, folder: str) -> bool:
    """Whether `place` is `folder` or lies in it, links followed."""
    return Path(place).resolve().is_relative_to(Path(folder).resolve())

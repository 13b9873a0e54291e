"""Small whole sites for tests, written from one string."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.config import load_config

if TYPE_CHECKING:
    from digest.build.report import BuildReport

_MARK = re.compile(r"^-- (\S.*) --$", re.M)


@dataclass(frozen=True)
class Site:
    """A site in a folder: its sources can be changed, built, and its output read."""

    root: Path

    @property
    def output(self) -> Path:
        """Where the built site lies."""
        return self.root / "public"

    def build(self, **options: Any) -> BuildReport:
        """Build it, in this process unless `workers` says otherwise."""
        from digest.build.pipeline import build_site  # not needed by tests that only lay files out

        return build_site(load_config(self.root), **{"workers": 1, **options})

    def write(self, path: str, text: str | bytes) -> None:
        """Write one source file, with the folders above it."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace `old`, which must stand in the file, by `new`."""
        text = (self.root / path).read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        """Remove one source file."""
        (self.root / path).unlink()

    def read(self, url: str) -> str:
        """The output at a site address: `/` is `index.html`."""
        assert url.startswith("/"), url
        return (self.output / (url[1:] + ("index.html" if url.endswith("/") else ""))).read_text("utf-8")

    def tree(self) -> dict[str, bytes]:
        """Every file of the output by its path, the bookkeeping (names with a dot in front) left out."""
        files = (path for path in sorted(self.output.rglob("*")) if path.is_file())
        named = ((path.relative_to(self.output), path) for path in files)
        return {
            name.as_posix(): path.read_bytes()
            for name, path in named
            if not any(part.startswith(".") for part in name.parts)
        }


def write_site(root: Path, text: str) -> Site:
    """Write the files of `text` below `root`: each begins with a line `-- path --`.

    There is always a content folder, so that no text at all is an empty site.
    """
    site = Site(root)
    (root / "content").mkdir(parents=True, exist_ok=True)
    before, *parts = _MARK.split(text)
    assert not before.strip(), f"text before the first file: {before!r}"
    for path, data in zip(parts[::2], parts[1::2], strict=True):
        site.write(path, data.removeprefix("\n"))
    return site

"""The newest articles of the real archive, laid out for each generator.

The archive is no part of this repository: DIGEST_CORPUS names the folder that holds
`corpus/archive-2020-07-to-10.tar.xz` and `peers/hugo`.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ARCHIVE = "archive-2020-07-to-10"
_FIELD = re.compile(rb"^(title|date|author): (.*)$", re.M)


class Article(NamedTuple):
    """One file of the archive: its path, and its front matter's moment."""

    moment: datetime
    path: Path


def corpus() -> Path:
    """The data folder. Raises SystemExit where it isn't there."""
    folder = Path(os.environ.get("DIGEST_CORPUS", "../shared")).resolve()
    if not (folder / "corpus").is_dir():
        raise SystemExit(f"no archive in {folder}: DIGEST_CORPUS names the folder with the data")
    return folder


def scratch() -> Path:
    """A folder for the benchmarks' files, on a tmpfs where the machine has one."""
    shared = Path("/dev/shm")
    return (shared if shared.is_dir() else Path(os.environ.get("TMPDIR", "/tmp"))) / "digest-bench"


def unpack(work: Path) -> list[Article]:
    """Unpack the archive below `work` (once) and list its articles, newest first."""
    folder = work / ARCHIVE
    if not folder.is_dir():
        part = work / f"{ARCHIVE}.part"
        shutil.rmtree(part, ignore_errors=True)
        with tarfile.open(corpus() / "corpus" / f"{ARCHIVE}.tar.xz") as tar:
            tar.extractall(part, filter="data")
        part.rename(folder)
    articles = [Article(_moment(path), path) for path in folder.rglob("*.md")]
    return sorted(articles, key=lambda each: (each.moment, each.path.name), reverse=True)


def lay_out_digest(articles: list[Article], site: Path) -> None:
    """A site with nothing but an address and the articles' own files: all the defaults."""
    content = site / "content"
    content.mkdir(parents=True)
    (site / "site.toml").write_text('title = "Benchmark"\nurl = "https://example.org"\n', "utf-8")
    for article in articles:
        shutil.copyfile(article.path, content / article.path.name)


def lay_out_hugo(articles: list[Article], site: Path) -> None:
    """The Hugo site, with front matter of its own above each article's own bytes."""
    shutil.copytree(corpus() / "peers" / "hugo", site, copy_function=shutil.copyfile)
    for folder, _, _ in os.walk(site):
        Path(folder).chmod(0o755)
    content = site / "content"
    content.mkdir()
    for number, article in enumerate(articles):
        _, front, body = article.path.read_bytes().split(b"---\n", 2)
        fields = {name.decode(): value.decode() for name, value in _FIELD.findall(front)}
        (content / f"{number:05}.md").write_bytes(
            (
                f"---\ntitle: {fields['title']}\ndate: {fields['date']}\n"
                f'sources: ["{fields["author"]}"]\ndays: ["{fields["date"][:10]}"]\n---\n'
            ).encode()
            + body
        )


def _moment(path: Path) -> datetime:
    with path.open("rb") as file:
        match = re.search(rb"^date: (\S+)", file.read(4096), re.M)
    if match is None:
        raise SystemExit(f"{path}: no date in the front matter")
    return datetime.fromisoformat(match[1].decode()).astimezone(UTC)

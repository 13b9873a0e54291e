"""The real files that share an article key: versions of one page, or articles of their own."""

from __future__ import annotations

import csv
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sites import Site

# How many pages the files of a case make.
PAGES = {
    "dup-breaking-to-full": 1,
    "dup-slug-changed": 1,
    "dup-cna-path": 1,
    "dup-suffix-id": 1,
    "dup-voa-story-replaced": 2,
    "dup-reuters-id-reused": 2,
    "xdup-afp-tw": 2,
    "xdup-reuters-zaobao": 2,
}


@pytest.mark.corpus
def test_what_shares_a_key_is_one_page_unless_the_text_is_another(
    make_site: Callable[[str], Site], corpus: Path
) -> None:
    site = make_site()
    with tarfile.open(corpus / "corpus" / "hard-cases.tar.xz") as archive:
        archive.extractall(site.root / "content", filter="data")
    pages: dict[str, set[str]] = {}
    report = site.build()
    page_of = {file.path: file.page for file in report.files}
    with (corpus / "corpus" / "hard-cases.tsv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            path = row["path"].replace("\\n", "\n").replace("\\\\", "\\")
            if path.startswith("seeds/"):
                continue  # handed out beside the archive; tests/test_seeds.py has them
            assert page_of[path], path
            pages.setdefault(row["case"].partition("#")[0], set()).add(page_of[path])
    assert {case: len(pages[case]) for case in PAGES} == PAGES
    reused = [p for p in report.problems if p.code == "key-reused"]
    assert len(reused) == 2

from __future__ import annotations

from pathlib import Path

import pytest

from digest.build.output import MANIFEST, OutputFolder, Written, digest_bytes, path_of


def write_site(folder: Path, files: dict[str, bytes]) -> int:
    output = OutputFolder(str(folder))
    output.prepare()
    staged, outputs = {}, {}
    for number, (path, data) in enumerate(files.items()):
        place = Path(output.staging, str(number))
        place.write_bytes(data)
        staged[path] = str(place)
        outputs[path] = Written(digest_bytes(data), len(data))
    return output.commit(staged, outputs)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != MANIFEST
    }


@pytest.mark.parametrize(
    ("url", "path"),
    [("/", "index.html"), ("/a/b.html", "a/b.html"), ("/sources/rfi/", "sources/rfi/index.html")],
)
def test_a_folder_address_names_its_index(url: str, path: str) -> None:
    assert path_of(url) == path


def test_only_what_earlier_builds_wrote_is_pruned(tmp_path: Path) -> None:
    assert write_site(tmp_path, {"a/b/x.html": b"1", "y.html": b"2"}) == 0
    (tmp_path / "a/CNAME").write_bytes(b"the curator's own")
    assert write_site(tmp_path, {"y.html": b"3"}) == 1
    assert tree(tmp_path) == {"a/CNAME": b"the curator's own", "y.html": b"3"}


def test_nothing_staged_is_left_behind(tmp_path: Path) -> None:
    write_site(tmp_path, {"a.html": b"1"})
    assert sorted(p.name for p in tmp_path.iterdir()) == [MANIFEST, "a.html"]


def test_a_file_may_become_a_folder_and_back(tmp_path: Path) -> None:
    write_site(tmp_path, {"a": b"file"})
    write_site(tmp_path, {"a/index.html": b"folder"})
    assert tree(tmp_path) == {"a/index.html": b"folder"}
    write_site(tmp_path, {"a": b"file"})
    assert tree(tmp_path) == {"a": b"file"}


def test_a_changed_or_missing_file_is_noticed(tmp_path: Path) -> None:
    write_site(tmp_path, {"a.html": b"one", "b.html": b"two"})
    digest = digest_bytes(b"one")
    assert OutputFolder(str(tmp_path)).holds("a.html", digest)
    assert OutputFolder(str(tmp_path)).is_intact()
    (tmp_path / "a.html").write_bytes(b"longer")
    assert not OutputFolder(str(tmp_path)).holds("a.html", digest)
    (tmp_path / "a.html").unlink()
    folder = OutputFolder(str(tmp_path))
    assert folder.alters("a.html")
    assert not folder.is_intact()


def test_a_manifest_never_names_a_place_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("keep")
    site = tmp_path / "site"
    site.mkdir()
    (site / MANIFEST).write_text("00 4 ../outside.txt\n00 4 /etc/hosts\n")
    write_site(site, {"a.html": b"1"})
    assert outside.read_text() == "keep"


def test_a_broken_manifest_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_bytes(b"\xff\xfe nonsense\n")
    assert OutputFolder(str(tmp_path)).known == {}

"""`digest publish --to`: a folder that others may have files in, and an archive of fixed bytes."""

from __future__ import annotations

import gzip
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from remotes import run_publish
from sites import Site
from test_build import article, news

MakeSite = Callable[[str], Site]


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".digest-manifest"
    }


def published(site: Site) -> dict[str, bytes]:
    return site.tree() | {".nojekyll": b""}


@pytest.fixture
def site(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    return make_site(news(3))


# --- a folder -------------------------------------------------------------------------------------


def test_a_folder_gets_what_changed_and_loses_what_is_gone(site: Site, tmp_path: Path) -> None:
    copy = tmp_path / "var" / "copy"
    told = run_publish("--site", site.root, "--to", copy)
    assert (told.code, told.err) == (0, "")
    assert files_in(copy) == published(site)
    times = {path: (copy / path).stat().st_mtime_ns for path in files_in(copy)}
    assert "no file changed" in run_publish("--site", site.root, "--to", copy).out

    site.write("content/voa/8.md", article(8))
    site.remove("content/voa/2.md")
    run_publish("--site", site.root, "--to", copy)
    assert files_in(copy) == published(site)
    assert (copy / "2023/11/10/voa-7000000.html").stat().st_mtime_ns == times["2023/11/10/voa-7000000.html"]
    assert (copy / "index.html").stat().st_mtime_ns > times["index.html"]


def test_what_somebody_altered_in_the_copy_is_mended(site: Site, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    run_publish("--site", site.root, "--to", copy)
    (copy / "index.html").write_text("改过了", "utf-8")
    (copy / "feed.xml").unlink()
    assert "~ index.html" in run_publish("--site", site.root, "--to", copy, "--dry-run").out
    run_publish("--site", site.root, "--to", copy)
    assert files_in(copy) == published(site)


def test_a_folder_that_somebody_else_uses_is_refused(site: Site, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "notes.txt").write_text("别人的", "utf-8")
    told = run_publish("--site", site.root, "--to", copy)
    assert (told.code, told.err) == (
        1,
        f"{copy} is not empty, and digest did not make it (empty it, or name another)",
    )
    assert files_in(copy) == {"notes.txt": "别人的".encode()}


@pytest.mark.parametrize(
    "name", ["2023/11/10/voa-7000008.html", "2023/11/10/voa-7000008.html/mine", "sources"]
)
def test_a_file_of_somebody_else_is_never_overwritten(site: Site, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    if name == "sources":
        copy.mkdir()
        (copy / ".digest-manifest").write_text(f"{'0' * 32} 1 x\n", "utf-8")
    else:
        run_publish("--site", site.root, "--to", copy)
    (copy / name).parent.mkdir(parents=True, exist_ok=True)
    (copy / name).write_text("别人的", "utf-8")
    (copy / "other.txt").write_text("也是别人的", "utf-8")
    site.write("content/voa/8.md", article(8))
    told = run_publish("--site", site.root, "--to", copy)
    assert told.code == 1
    assert told.err.endswith("which digest did not put there (remove it)")
    assert (copy / name).read_text("utf-8") == "别人的"
    (copy / name).unlink()
    if name.endswith("mine"):
        (copy / name).parent.rmdir()
    assert run_publish("--site", site.root, "--to", copy).code == 0
    assert (copy / "other.txt").exists()


def test_a_folder_that_the_site_is_made_of_is_no_place(site: Site, tmp_path: Path) -> None:
    places = {
        site.root: "holds the site's own folder",
        tmp_path: "holds the site's own folder",
        site.root / "content/x": "of which the site is made",
        site.output: "of which the site is made",
        site.root / "site.toml": "is a file",
    }
    for place, words in places.items():
        told = run_publish("--site", site.root, "--to", place)
        assert (told.code, words in told.err) == (2, True), place


def test_a_dry_run_writes_no_folder_and_no_archive(site: Site, tmp_path: Path) -> None:
    assert "would change so" in run_publish("--site", site.root, "--to", tmp_path / "copy", "--dry-run").out
    assert "would hold" in run_publish("--site", site.root, "--to", tmp_path / "x.tar.gz", "--dry-run").out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site-1"]


def test_a_place_goes_with_no_branch(site: Site, tmp_path: Path) -> None:
    told = run_publish("--site", site.root, "--to", tmp_path / "copy", "--branch", "x")
    assert told.code == 2
    assert "--to goes with none of" in told.err


def test_a_sites_own_files_for_its_host_stand(site: Site, tmp_path: Path) -> None:
    site.write("static/CNAME", "www.example.org\n")
    site.edit("site.toml", "https://news.example/archive", "https://news.example")
    run_publish("--site", site.root, "--to", tmp_path / "copy")
    assert (tmp_path / "copy/CNAME").read_text("utf-8") == "www.example.org\n"
    site.remove("static/CNAME")
    run_publish("--site", site.root, "--to", tmp_path / "copy")
    assert (tmp_path / "copy/CNAME").read_text("utf-8") == "news.example\n"


# --- an archive -----------------------------------------------------------------------------------


def members(archive: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(archive) as opened:
        return {member.name: member for member in opened.getmembers()}


def contents(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as opened:
        read = ((m.name, opened.extractfile(m)) for m in opened.getmembers() if m.isfile())
        return {name: stream.read() for name, stream in read if stream}


def test_an_archive_holds_the_site_as_hosts_want_it(site: Site, tmp_path: Path) -> None:
    archive = tmp_path / "site.tar.gz"
    assert run_publish("--site", site.root, "--to", archive).code == 0
    assert contents(archive) == published(site)
    for name, member in members(archive).items():
        assert member.isfile() or member.isdir(), name
        assert not name.startswith(("/", ".."))
        assert member.mode == (0o755 if member.isdir() else 0o644)
        assert (member.uid, member.gid, member.uname, member.gname, member.mtime) == (0, 0, "", "", 0)
    assert members(archive)["2023/11"].isdir()
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_the_same_site_gives_the_same_bytes(site: Site, make_site: MakeSite, tmp_path: Path) -> None:
    places = [tmp_path / "a.tar.gz", tmp_path / "b.tgz", tmp_path / "c.tar"]
    for place in places:
        run_publish("--site", site.root, "--to", place)
    twin = make_site(news(3))
    run_publish("--site", twin.root, "--to", tmp_path / "twin.tar.gz")
    first = places[0].read_bytes()
    assert places[1].read_bytes() == (tmp_path / "twin.tar.gz").read_bytes() == first
    assert gzip.decompress(first) == places[2].read_bytes()
    assert first[4:8] == bytes(4)  # where gzip would say when


def test_an_archive_that_cannot_be_written_leaves_the_older_one(site: Site, tmp_path: Path) -> None:
    told = run_publish("--site", site.root, "--to", tmp_path / "no/such/folder/site.tar.gz")
    assert (told.code, told.err.endswith("No such file or directory")) == (2, True)

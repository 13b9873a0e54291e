from __future__ import annotations

import os
from pathlib import Path

from digest.build import scan
from digest.build.scan import Found
from digest.errors import Problem
from digest.places import is_curator_path


def kinds(folder: Path, ignore: tuple[str, ...] = ()) -> dict[str, str]:
    return {f.path: f.kind for f in scan.scan([str(folder)], ignore, is_curator_path)}


def write(folder: Path, *names: str) -> None:
    for name in names:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("x")


def test_every_file_is_found_once_with_what_it_is_for(tmp_path: Path) -> None:
    write(
        tmp_path, "a.md", "rfi/b.html", "rfi/c.txt", "d.markdown", "pic.jpg", "pages/about.md",
        "threads/summit.md", "editions/2023-11-10.md", "corrections.toml", "rfi/pages/e.md",
        ".DS_Store", ".git/config",
    )  # fmt: skip
    assert kinds(tmp_path) == {
        "a.md": "article", "rfi/b.html": "article", "rfi/c.txt": "article", "d.markdown": "article",
        "pic.jpg": "asset", "pages/about.md": "curator", "threads/summit.md": "curator",
        "editions/2023-11-10.md": "curator", "corrections.toml": "curator", "rfi/pages/e.md": "article",
        ".DS_Store": "ignored",
    }  # fmt: skip


def test_ignore_globs_match_the_path_or_the_name(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "sub/README.md", "drafts/x.md", "drafts/deep/y.md", "z.md")
    found = kinds(tmp_path, ("README*", "drafts/**"))
    assert [path for path, kind in found.items() if kind == "article"] == ["z.md"]


def test_several_folders_are_told_apart_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, "one/a.md", "two/a.md", "other/two/a.md")
    folders = [str(tmp_path / name) for name in ("one", "two", "other/two")]
    paths = [f.path for f in scan.scan(folders, (), is_curator_path)]
    assert paths == ["one/a.md", "two-2/a.md", "two-3/a.md"]


def test_names_no_tool_likes_are_kept(tmp_path: Path) -> None:
    names = ["a\nb.md", 'q"uote\\.md', "文" * 80 + ".md", " blank .md", "100% #1?.md"]
    write(tmp_path, *names)
    assert sorted(kinds(tmp_path)) == sorted(names)


def test_a_name_that_is_not_utf8_is_shown_escaped_and_still_read(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/\xb5\xf1.md"
    Path(os.fsdecode(raw)).write_bytes(b"text")
    (found,) = scan.scan([str(tmp_path)], (), is_curator_path)
    assert found.path == "\\xb5\\xf1.md"
    assert scan.read(found) == b"text"


def test_what_is_no_file_is_a_problem_and_the_rest_is_found(tmp_path: Path) -> None:
    write(tmp_path, "good.md", "folder.md/inside.md")
    (tmp_path / "broken.md").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.md")
    found = {f.path: f for f in scan.scan([str(tmp_path)], (), is_curator_path)}
    assert found["good.md"].kind == found["folder.md/inside.md"].kind == "article"
    codes = {path: f.problem.code for path, f in found.items() if f.problem}
    assert codes == {"broken.md": "broken-link", "folder.md": "not-a-file", "pipe.md": "not-a-file"}


def test_a_symbolic_link_that_turns_in_a_circle_ends(tmp_path: Path) -> None:
    write(tmp_path, "a/x.md")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "a/self").symlink_to(tmp_path / "a")
    assert "a/x.md" in kinds(tmp_path)


def test_a_file_too_large_is_a_problem(tmp_path: Path) -> None:
    place = tmp_path / "huge.md"
    with place.open("wb") as stream:
        stream.truncate(50 * 2**20)
    outcome = scan.read(Found("huge.md", str(place), "article"))
    assert isinstance(outcome, Problem)
    assert outcome.code == "too-large"

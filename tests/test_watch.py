"""What the preview takes for a change: one save of any editor, one burst, and nothing of its own."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digest.serve import watch
from digest.serve.places import Places
from digest.serve.watch import Watch


class Eyes:
    """A watch on a folder laid out like a site's, and what it saw."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        self.content.mkdir(exist_ok=True)
        self.watch = Watch()
        self.follow()

    def follow(self) -> bool:
        return self.watch.follow([self.root / "site.toml"], [self.content], [self.root / "content/public"])

    def see(self, within: float = 5.0) -> set[str] | None:
        """The next change, as paths below the root; None where there is none in that time."""
        stop = threading.Event()
        timer = threading.Timer(within, stop.set)
        timer.start()
        seen = self.watch.wait(stop)
        timer.cancel()
        return None if seen is None else {os.path.relpath(path, self.root) for path in seen}

    def write(self, name: str, text: str = "x") -> Path:
        path = self.content / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path


@pytest.fixture
def eyes(tmp_path: Path) -> Iterator[Eyes]:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("x", "utf-8")
    found = Eyes(tmp_path)
    yield found
    found.watch.close()


def save_in_place(file: Path, text: str) -> None:
    """As VS Code and nano do."""
    file.write_text(text, "utf-8")


def save_like_vim(file: Path, text: str) -> None:
    """With `backupcopy=no`: tries the folder, keeps a swap file, moves the old file away."""
    swap = file.with_name(f".{file.name}.swp")
    swap.write_text("", "utf-8")
    probe = file.with_name("4913")
    probe.write_text("", "utf-8")
    probe.unlink()
    backup = file.with_name(f"{file.name}~")
    file.rename(backup)
    file.write_text(text, "utf-8")
    backup.unlink()
    swap.unlink()


def save_like_emacs(file: Path, text: str) -> None:
    """With a lock, an autosave and a backup that stays."""
    lock = file.with_name(f".#{file.name}")
    lock.symlink_to("me@here.1234:1")
    autosave = file.with_name(f"#{file.name}#")
    autosave.write_text(text, "utf-8")
    file.rename(file.with_name(f"{file.name}~"))
    file.write_text(text, "utf-8")
    autosave.unlink()
    lock.unlink()


def save_atomically(file: Path, text: str) -> None:
    """As many editors and `sed -i` do: a hidden file beside it takes its place."""
    beside = file.with_name(".sedXYZ")
    beside.write_text(text, "utf-8")
    beside.replace(file)


def save_like_jetbrains(file: Path, text: str) -> None:
    """With two temporary names."""
    beside, old = file.with_name(f"{file.name}___jb_tmp___"), file.with_name(f"{file.name}___jb_old___")
    beside.write_text(text, "utf-8")
    file.rename(old)
    beside.rename(file)
    old.unlink()


SAVES = [save_in_place, save_like_vim, save_like_emacs, save_atomically, save_like_jetbrains]


@pytest.mark.parametrize("save", SAVES)
def test_one_save_is_one_change(eyes: Eyes, save: Callable[[Path, str], None]) -> None:
    save(eyes.content / "a.md", "new")
    assert eyes.see() == {"content/a.md"}
    assert eyes.see(0.3) is None


def test_what_an_editor_keeps_beside_a_file_is_no_change(eyes: Eyes) -> None:
    for name in (".a.md.swp", "a.md~", "#a.md#", ".#a.md", "4913", "a.md.tmp"):
        eyes.write(name)
    eyes.write(".git/index")
    assert eyes.see(0.3) is None


def test_reading_is_no_change(eyes: Eyes) -> None:
    assert (eyes.content / "a.md").read_text("utf-8") == "x"
    list(eyes.content.iterdir())
    assert eyes.see(0.3) is None


def test_the_output_and_files_beside_the_site_are_no_change(eyes: Eyes) -> None:
    eyes.write("public/index.html")
    (eyes.root / "serve.log").write_text("x", "utf-8")
    (eyes.root / ".digest").mkdir()
    (eyes.root / ".digest" / "memo").write_text("x", "utf-8")
    assert eyes.see(0.3) is None
    (eyes.root / "site.toml").write_text("x", "utf-8")
    assert eyes.see() == {"site.toml"}


def test_a_burst_of_a_thousand_files_is_one_change(eyes: Eyes) -> None:
    for number in range(1000):
        eyes.write(f"2023/{number}.md")
    assert eyes.see() == {"content", "site.toml"}  # so many that all is to be looked at
    assert eyes.see(0.5) is None


def test_a_burst_is_told_by_name_while_it_is_small(eyes: Eyes) -> None:
    names = [f"{number}.md" for number in range(50)]
    for name in names:
        eyes.write(name)
    assert eyes.see() == {f"content/{name}" for name in names}


def test_a_folder_that_never_rests_is_told_all_the_same(eyes: Eyes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_LONGEST_BURST", 0.3)
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.005):
            eyes.write("a.md")

    thread = threading.Thread(target=write)
    thread.start()
    seen = eyes.see(5)
    done.set()
    thread.join()
    assert seen == {"content/a.md"}


def test_files_that_are_renamed_or_deleted_are_told_by_both_names(eyes: Eyes) -> None:
    (eyes.content / "a.md").rename(eyes.content / "b.md")
    assert eyes.see() == {"content/a.md", "content/b.md"}
    (eyes.content / "b.md").unlink()
    assert eyes.see() == {"content/b.md"}


def test_folders_that_come_move_and_go(eyes: Eyes) -> None:
    elsewhere = eyes.root / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "deep" / "c.md").write_text("x", "utf-8")
    shutil.copytree(elsewhere, eyes.content / "new")
    seen = eyes.see()
    assert seen is not None
    assert "content/new" in seen
    eyes.write("new/deep/d.md")  # what came is watched as well
    assert eyes.see() == {"content/new/deep/d.md"}
    (eyes.content / "new").rename(eyes.content / "old")
    assert {"content/new", "content/old"} <= (eyes.see() or set())
    eyes.write("old/deep/e.md")
    assert eyes.see() == {"content/old/deep/e.md"}
    shutil.rmtree(eyes.content / "old")
    assert "content/old" in (eyes.see() or set())


def test_content_that_vanishes_and_comes_back(eyes: Eyes) -> None:
    away = eyes.content.rename(eyes.root / "away")
    assert eyes.see() == {"content"}
    assert eyes.follow()  # there are other folders to watch now
    assert eyes.see(0.2) is None
    away.rename(eyes.content)
    assert eyes.see() == {"content"}
    assert eyes.follow()
    assert not eyes.follow()
    eyes.write("a.md")
    assert eyes.see() == {"content/a.md"}


def test_content_that_vanishes_with_the_folder_above_it(tmp_path: Path) -> None:
    (tmp_path / "above").mkdir()
    eyes = Eyes(tmp_path / "above")
    try:
        shutil.rmtree(tmp_path / "above")
        assert eyes.see() is not None
        eyes.follow()
        eyes.content.mkdir(parents=True)
        assert eyes.see() is not None
        eyes.follow()
        eyes.write("a.md")
        assert eyes.see() == {"content/a.md"}
    finally:
        eyes.watch.close()


def test_content_behind_a_symbolic_link_is_told_by_the_link(tmp_path: Path) -> None:
    real, other = tmp_path / "real", tmp_path / "other"
    for folder in (real, other):
        folder.mkdir()
    (tmp_path / "site").mkdir()
    link = tmp_path / "site" / "content"
    link.symlink_to(real)
    eyes = Eyes(tmp_path / "site")
    try:
        (real / "a.md").write_text("x", "utf-8")
        assert eyes.see() == {"content/a.md"}
        link.unlink()
        link.symlink_to(other)
        assert eyes.see() == {"content"}
        assert eyes.follow()
        (other / "b.md").write_text("x", "utf-8")
        assert eyes.see() == {"content/b.md"}
    finally:
        eyes.watch.close()


def test_links_within_the_content_are_followed(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "single.md").write_text("x", "utf-8")
    content = tmp_path / "site" / "content"
    content.mkdir(parents=True)
    (content / "linked").symlink_to(real)
    (content / "single.md").symlink_to(tmp_path / "single.md")
    (real / "round").symlink_to(content)
    eyes = Eyes(tmp_path / "site")
    try:
        (real / "a.md").write_text("x", "utf-8")
        assert eyes.see() == {"content/linked/a.md"}
        (tmp_path / "single.md").write_text("y", "utf-8")
        assert eyes.see() == {"content/single.md"}
        late = tmp_path / "late"
        late.mkdir()
        (content / "late").symlink_to(late)
        assert eyes.see() == {"content/late"}
        assert eyes.follow()
        (late / "b.md").write_text("x", "utf-8")
        assert eyes.see() == {"content/late/b.md"}
    finally:
        eyes.watch.close()


def test_without_watches_left_the_folders_are_polled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watch.Observer, "start", refuse)
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.05)
    eyes = Eyes(tmp_path)
    try:
        eyes.write("a.md")
        assert eyes.see() == {"content/a.md"}
    finally:
        eyes.watch.close()


def test_places_within_places_are_one(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    places = Places.of([], [tmp_path / "a", tmp_path / "a" / "b", tmp_path / "link"])
    assert places.trees == (str(tmp_path / "a"),)
    assert places.concern(str(tmp_path / "a" / "b" / "c.md"))
    assert places.concern(str(tmp_path))  # all of it came or went
    assert not places.concern(str(tmp_path / "ab"))
    assert places.roots == {str(tmp_path / "a"), str(tmp_path / "link")}

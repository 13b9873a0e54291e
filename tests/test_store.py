from __future__ import annotations

from pathlib import Path

import pytest

from digest.build.bodies import BodyWriter
from digest.build.store import EditionRow, LoadRow, Store
from digest.model import Body


def keep(store: Store, key: bytes, digest: str, body: Body) -> LoadRow:
    writer = BodyWriter(store.bodies)
    row = LoadRow(key, "rfi", b"", b"", digest, writer.write([body])[0])
    writer.close()
    store.keep_loads([row])
    return row


def test_what_is_kept_is_there_again(tmp_path: Path) -> None:
    store = Store(tmp_path / ".digest")
    row = keep(store, b"k", "d1", Body("<p>甲", "甲"))
    assert store.body("d1") == Body("<p>甲", "甲")
    store.keep_renders([(b"r", b"o")])
    store.keep_edition("/out", EditionRow(b"k", b"m", b"r"))
    store.close()
    again = Store(tmp_path / ".digest")
    assert list(again.loads()) == [row]
    assert again.body("d1") == Body("<p>甲", "甲")
    assert again.renders() == {b"r": b"o"}
    assert again.edition("/out") == EditionRow(b"k", b"m", b"r")
    assert again.edition("/elsewhere") is None
    with pytest.raises(KeyError):
        again.body("absent")
    again.close()


def test_bodies_without_a_row_give_back_their_room(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept = keep(store, b"1", "d1", Body("eins", "1"))
    keep(store, b"2", "d2", Body("zwei", "2"))
    store.forget(loads=[b"2"], renders=[])
    store.tidy()
    assert list(store.loads()) == [kept]
    assert [p.name for p in (tmp_path / "bodies").iterdir()] == [kept.place.segment]
    assert store.body("d1") == Body("eins", "1")
    store.close()


def test_many_small_segments_become_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for number in range(50):
        keep(store, str(number).encode(), f"d{number}", Body(f"html {number}", f"文 {number}"))
    store.tidy()
    assert len(list((tmp_path / "bodies").iterdir())) == 1
    store.close()
    again = Store(tmp_path)
    assert len(list(again.loads())) == 50
    assert again.body("d49") == Body("html 49", "文 49")
    again.close()


def test_a_row_whose_body_is_gone_or_cut_is_not_believed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    row = keep(store, b"1", "d1", Body("eins", "1"))
    store.close()
    place = tmp_path / "bodies" / row.place.segment
    place.write_bytes(place.read_bytes()[:-1])
    again = Store(tmp_path)
    assert list(again.loads()) == []
    again.close()


def test_while_another_build_has_it_a_build_does_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.build.store._BUSY_SECONDS", 0.05)
    first = Store(tmp_path)
    second = Store(tmp_path)
    assert second.folder != first.folder
    second.close()
    first.close()


@pytest.mark.parametrize("rubbish", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4000, b""])
def test_a_broken_file_counts_as_empty(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "store.sqlite").write_bytes(rubbish)
    store = Store(tmp_path)
    assert list(store.loads()) == []
    row = keep(store, b"1", "d", Body("h", "t"))
    store.close()
    again = Store(tmp_path)
    assert list(again.loads()) == [row]
    again.close()


def test_where_it_cannot_be_written_it_still_serves_one_build(tmp_path: Path) -> None:
    (tmp_path / ".digest").write_text("a file is in the way")
    store = Store(tmp_path / ".digest")
    keep(store, b"1", "d", Body("h", "t"))
    assert store.body("d") == Body("h", "t")
    store.close()
    assert (tmp_path / ".digest").read_text() == "a file is in the way"


def test_without_a_folder_it_serves_one_build() -> None:
    store = Store(None)
    keep(store, b"1", "d", Body("h", "t"))
    place = Path(store.bodies)
    assert place.is_dir()
    store.close()
    assert not place.exists()

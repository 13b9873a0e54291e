from __future__ import annotations

from pathlib import Path

import pytest

from digest.build.store import BodyReader, EditionRow, LoadRow, Store
from digest.model import Body

ROW = LoadRow(b"k" * 16, "rfi", b"p" * 16, b"version")


def test_what_is_kept_is_there_again(tmp_path: Path) -> None:
    store = Store(tmp_path / ".digest")
    store.keep_loads([(ROW, "d1", Body("<p>甲", "甲"))])
    store.keep_renders([(b"r", b"o")])
    store.keep_edition("/out", EditionRow(b"k", b"m", b"r"))
    store.commit()
    assert BodyReader(str(store.path)).body("d1") == Body("<p>甲", "甲")
    store.close()
    again = Store(tmp_path / ".digest")
    assert list(again.loads()) == [ROW]
    assert again.renders() == {b"r": b"o"}
    assert again.edition("/out") == EditionRow(b"k", b"m", b"r")
    assert again.edition("/elsewhere") is None
    with pytest.raises(KeyError):
        again.body("absent")
    again.close()


def test_rows_of_no_more_use_go_with_their_bodies(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep_loads([(ROW, "d1", Body("", "1")), (LoadRow(b"other", "voa", b"", b""), "d2", Body("", "2"))])
    store.forget(loads=[b"other"], renders=[])
    store.drop_bodies({"d1"})
    assert list(store.loads()) == [ROW]
    assert store.body("d1").text == "1"
    with pytest.raises(KeyError):
        store.body("d2")
    store.close()


@pytest.mark.parametrize("rubbish", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 4000, b""])
def test_a_broken_file_counts_as_empty(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "store.sqlite").write_bytes(rubbish)
    store = Store(tmp_path)
    assert list(store.loads()) == []
    store.keep_loads([(ROW, "d", Body("", ""))])
    store.close()
    again = Store(tmp_path)
    assert list(again.loads()) == [ROW]
    again.close()


def test_where_it_cannot_be_written_it_still_serves_one_build(tmp_path: Path) -> None:
    (tmp_path / ".digest").write_text("a file is in the way")
    store = Store(tmp_path / ".digest")
    store.keep_loads([(ROW, "d", Body("h", "t"))])
    store.commit()
    assert BodyReader(str(store.path)).body("d") == Body("h", "t")
    store.close()
    assert (tmp_path / ".digest").read_text() == "a file is in the way"

"""Bytes to text: UTF-8 first, the Chinese encodings by their letters, nothing replaced in silence."""

from __future__ import annotations

import pytest

from digest.text.decode import decode

SIMPLE = "渡船今天停运，居民说他们要在雨里绕路两个小时，这是一年来的第三次。镇政府说新桥明年会通车。" * 3
TRADITIONAL = "渡船今天停運，居民說他們要在雨裡繞路兩個小時，這是一年來的第三次。鎮政府說新橋明年會通車。" * 3


def test_utf8_passes_and_its_mark_goes() -> None:
    assert decode("\ufeff渡船".encode()) == ("渡船", "utf-8", "")


@pytest.mark.parametrize(
    ("text", "encoding"), [(SIMPLE, "gb18030"), (TRADITIONAL, "big5hkscs"), (SIMPLE + "㐂", "gb18030")]
)
def test_chinese_encodings_are_told_apart_and_reported(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding) == (text, encoding)
    assert "not UTF-8 from line 1 on" in found.fault


def test_gbk_markup_is_read() -> None:
    html = f"<html><head><meta charset=gb2312></head><body><p>{SIMPLE}</p></body></html>"
    assert decode(html.encode("gbk")).text == html


def test_one_damaged_byte_does_not_change_the_encoding() -> None:
    data = (SIMPLE * 3).encode()
    found = decode(data[:31] + b"\xff" + data[31:])
    assert found.encoding == "utf-8"
    assert found.text is not None
    assert "镇政府说新桥" in found.text
    assert "bytes unreadable" in found.fault


def test_utf16_with_a_mark_is_read_and_reported() -> None:
    found = decode(SIMPLE.encode("utf-16"))
    assert found.text == SIMPLE
    assert "utf-16" in found.fault


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", b"abc\0def", b"\xff\xfe\x00"])
def test_binary_is_no_text(data: bytes) -> None:
    found = decode(data)
    assert found.text is None
    assert found.fault


def test_line_ends_are_one_kind_and_control_characters_go() -> None:
    assert decode("a\r\nb\rc\x08d\x7fe\x85f\tg".encode()).text == "a\nb\ncdef\tg"


def test_western_text_is_detected() -> None:
    text = "Les ministres réunis à Paris ont déclaré que la côte était fermée. " * 4
    found = decode(text.encode("latin-1"))
    assert found.text == text
    assert found.fault

"""The language of a text, by its own characters."""

from __future__ import annotations

import pytest

from digest.text.script import tell_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("渡船停运，居民说要绕路两个小时，这样的事今年发生了三次。", "zh-Hans"),
        ("渡船停運，居民說要繞路兩個小時，這樣的事今年發生了三次。", "zh-Hant"),
        ("The ferry is closed. Residents of 高山 must walk for two hours.", "en"),
        ("渡船停运。" + " The minister said in London that he would wait." * 30, "en"),
        ("苹果 iPhone 12 与 Samsung Galaxy 的价格", "zh-Hans"),
        ("", "zh-Hans"),
        ("2020 – 2021", "zh-Hans"),
    ],
)
def test_language_is_told_by_the_letters(text: str, expected: str) -> None:
    assert tell_language(text) == expected


def test_the_default_decides_only_where_no_letter_does() -> None:
    assert tell_language("人山人海", "zh-Hant") == "zh-Hant"
    assert tell_language("渡船停运，居民说", "zh-Hant") == "zh-Hans"
    assert tell_language("12:30", "en") == "en"


def test_a_quotation_in_the_other_script_does_not_decide() -> None:
    text = (
        "他們說這個國家發展"
        + "但是这里的居民认为，这样的说法没有证据，应该听听渔民的意见，问问他们过得怎样。" * 6
    )
    assert tell_language(text) == "zh-Hans"

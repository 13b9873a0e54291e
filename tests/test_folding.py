"""One form for text in both scripts and all regions: what is made equal, and what must not be touched."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.folding import JOINT, NAMES, entries, fold, fold_all

PAIRS = [pair for name in NAMES for pair in entries(name)]
VARIANTS = [(variant, canonical) for variant, canonical in PAIRS if variant != canonical]
GUARDS = [variant for variant, canonical in PAIRS if variant == canonical]
LATIN = entries("latin")
WORDS = sorted({word for pair in [*PAIRS, *LATIN] for word in pair})

sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map("，".join)


@pytest.mark.parametrize(
    ("variants", "form"),
    [
        ("川普 特朗普 川普", "特朗普"),
        ("普丁 蒲亭 普京", "普京"),
        ("馬克宏 马克宏 馬克龍", "马克龙"),
        ("北韓 北韩 朝鮮", "朝鲜"),
        ("紐西蘭 纽西兰 新西兰", "新西兰"),
        ("沙烏地阿拉伯 沙地阿拉伯 沙特阿拉伯 沙特", "沙特"),
        ("武漢肺炎 新冠肺炎 冠病 2019冠狀病毒疾病 COVID-19 Covid-19 新型冠状病毒肺炎", "新冠"),
        ("SARS-CoV-2 新型冠狀病毒 新冠病毒", "新冠病毒"),
        ("世衛 世卫组织 WHO ＷＨＯ 世界衛生組織", "世界卫生组织"),
        ("東協 亚细安 ASEAN 东盟", "东盟"),
        ("軟體 软体 軟件", "软件"),
        ("台積電 臺積電 TSMC 台湾积体电路制造公司", "台积电"),
        ("人工智慧 人工智能 AI Ai", "ai"),
        ("身分 身份", "身份"),
        ("北韓中央通訊社 朝鲜中央通讯社 朝中社", "朝中社"),
        ("ｅｍａｉｌ Email EMAIL", "email"),
        ("１２．５％ 12.5%", "12.5%"),
        ("㎡ m2", "m2"),
        ("e\u0301 É é", "é"),
        ("喬‧拜登 乔·拜登 乔・拜登", "乔·拜登"),
    ],
)
def test_one_thing_is_one_form(variants: str, form: str) -> None:
    assert {fold(variant) for variant in variants.split(" ")} == {form}


@pytest.mark.parametrize(
    "text",
    [
        "越南韩国和东北韩餐馆",
        "拜登入主白宫",
        "加强森林防火，富强森工",
        "外交部长期关注此事",
        "宣布希腊将参加",
        "总结他们的经验",
        "豪华邮轮靠岸",
        "方程式赛车，软体动物",
        "尼日利亚和尼日尔",
        "获得州长批准",
        "冰糖雪梨的做法",
        "涉嫌犯罪的人",
        "护航舰队",
        "核武装部队",
        "武汉病毒研究所",
        "新冠病例",
        "内塔尼亚胡希望",
        "柔佛州的渔民",
        "扩大摩擦",
        "起飞弹射",
        "小麦可以出口",
        "理查德的书",
        "他是著名作家，这是名著",
        "看坏了的东西，打坏一个碗",
        "乾隆和乾坤",
        "people who say it",
    ],
)
def test_what_only_looks_like_a_variant_stays(text: str) -> None:
    assert fold(text) == text.replace("，", ",")


def test_simplified_text_without_regional_words_is_left_alone() -> None:
    text = "渡船今天上午停运,居民要绕路两个小时.市长说,新桥明年建成,执行核心计划,新增两条航线."
    assert fold(text) == text


def test_a_full_width_space_still_parts_words() -> None:
    assert fold("渡船\u3000停運") == "渡船 停运"


def test_bad_letters_do_no_harm() -> None:
    assert fold("坏\ud800字\x00") == "坏?字\x00"
    assert fold("") == ""


@given(sentences)
def test_names_fold_the_same_within_any_sentence(text: str) -> None:
    assert fold(text) == ",".join(fold(word) for word in text.split("，"))


@given(sentences)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_any_text_folds(text: str) -> None:
    folded, plain = fold(text), unicodedata.normalize("NFKC", text.encode(errors="replace").decode())
    assert bool(folded) == bool(text)
    assert len(plain) / 6 <= len(folded) <= len(plain) * 3 + 9
    assert fold(folded) == folded == fold(plain)


@given(st.lists(sentences | st.text() | st.text("e\u0301\u3099世卫組織W\ud800" + JOINT), max_size=6))
def test_folding_many_texts_is_folding_each(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.sampled_from(WORDS), st.data())
def test_no_name_is_found_across_two_texts(word: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(word)))
    assert fold_all([word[:cut], word[cut:]]) == [fold(word[:cut]), fold(word[cut:])]


# The data


@pytest.mark.parametrize("name", [*NAMES, "latin", "letters"])
def test_every_line_is_a_comment_or_a_pair(name: str) -> None:
    from digest.text import folding

    assert not any(JOINT in word for pair in entries(name) for word in pair)
    for line in (folding.DATA / f"{name}.txt").read_text("utf-8").splitlines():
        fields = line.split("\t")
        assert not line or line.startswith("#") or (len(fields) == 2 and all(map(str.strip, fields))), line
        assert line.startswith("#") or " " not in line, f"{line}: OpenCC would cut it at the space"


def test_no_variant_stands_twice() -> None:
    assert [word for word, times in Counter(variant for variant, _ in PAIRS).items() if times > 1] == []


def test_every_variant_reaches_its_canonical_form() -> None:
    """So it is written as the letters leave it: in Simplified and small letters."""
    assert [(v, fold(v), c) for v, c in [*PAIRS, *LATIN] if fold(v) != c] == []


def test_canonical_forms_are_not_variants_and_hold_none() -> None:
    assert [(c, fold(c)) for _, c in [*PAIRS, *LATIN] if fold(c) != c] == []


@pytest.mark.parametrize("script", ["s2t", "s2tw", "s2hk"])
def test_variants_are_met_in_every_script(script: str) -> None:
    write = opencc.OpenCC(script).convert
    assert [(write(v), fold(write(v)), c) for v, c in PAIRS if fold(write(v)) != c] == []


def test_a_variant_of_one_letter_is_a_word_of_its_own() -> None:
    assert {variant for variant, _ in VARIANTS if len(variant) == 1} == {"矽", "钸"}


def test_latin_names_hold_a_capital() -> None:
    """In small letters alone they would be found by a second folding, and inside other words."""
    assert [variant for variant, _ in LATIN if variant == variant.lower()] == []


def test_every_guard_keeps_a_variant_out() -> None:
    variants = {variant for variant, _ in VARIANTS}
    beginnings = {variant[:end] for variant in variants for end in range(1, len(variant))}

    def keeps_out(guard: str) -> bool:
        size = len(guard)
        parts = {guard[start:end] for start in range(size) for end in range(start + 1, size + 1)}
        return bool(parts & variants) or any(guard[start:] in beginnings for start in range(1, size))

    assert [guard for guard in GUARDS if not keeps_out(guard)] == []


def test_neither_the_folder_nor_the_hash_seed_matters(tmp_path: Path) -> None:
    """OpenCC looks for dictionaries in the working folder too, but only after our own."""
    for name in (*NAMES, "letters", "latin"):
        (tmp_path / f"{name}.txt").write_text("川普\t渡船\n", encoding="utf-8")
    script = "from digest.text.folding import fold; print(ascii(fold('川普談ＷＨＯ與軟體')))"
    answers = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent.parent / "src")},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert answers == {ascii("特朗普谈世界卫生组织与软件") + "\n"}

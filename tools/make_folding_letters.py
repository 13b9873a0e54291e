"""Write src/digest/text/data/letters.txt, the first step of folding, from OpenCC's tables.

    python tools/make_folding_letters.py

Needs the `opencc` package (Apache License 2.0) of the version that digest requires. Kept in the
sources, so that a newer dictionary there changes no thread here; run again only on purpose.
"""

from __future__ import annotations

import subprocess
import tempfile
import unicodedata
from pathlib import Path

import opencc

TARGET = Path(__file__).parent.parent / "src/digest/text/data/letters.txt"
SHARE = Path(opencc.__file__).parent / "clib"
HEADER = """\
# Letters to one form: width, case, Traditional to Simplified. Written by tools/make_folding_letters.py.
# Letters and phrases are OpenCC's TSCharacters and TSPhrases (https://github.com/BYVoid/OpenCC),
# Apache License 2.0; what is ours stands in that tool.
"""
# Marks that NFKC changes and that any Chinese text may hold; all other such letters take the slow way.
MARKS = "…" + "".join(chr(code) for code in range(0xFF01, 0xFF5F) if not chr(code - 0xFEE0).isalnum())
DOTS = "‧・•"  # between the parts of a foreign name, where the mainland writes ·
# Forms that OpenCC's tables leave alone: variants of Taiwan and Hong Kong, old and new letters.
LETTERS = dict(
    pair.split("→") for pair in "痺→痹 妳→你 牠→它 衞→卫 祇→只 甦→苏 砲→炮 祐→佑 寃→冤 粧→妆 著→着".split()
)
WORDS = {
    "彷彿": "仿佛",
    "藉著": "借着",
    "藉着": "借着",
    "顛覆": "颠覆",
    "颠覆": "颠覆",
    "傾覆": "倾覆",
    "倾覆": "倾覆",
}
# 著 is 着 in Taiwan except where it means writing or renown.
WRITTEN = (
    "著名 著作 著者 著称 著述 著书 著录 著译 名著 原著 专著 巨著 论著 编著 译著 合著 遗著 拙著 新著 旧著 "
    "显著 卓著 昭著 土著 撰著 主著 所著 较著 大著 闻著"
).split()


def main() -> None:
    """Merge the tables, the exceptions last, and write them in code point order."""
    letters = {**_dictionary("TSCharacters"), **LETTERS}
    # 坏 is an old form of 坯 there; here it is what every Simplified text writes for 壞.
    phrases = {key: value for key, value in _dictionary("TSPhrases").items() if "坏" not in key} | WORDS
    for word in WRITTEN:
        phrases |= {word: word, opencc.OpenCC("s2t").convert(word): word}
    # What a phrase keeps must still be kept where its own letters are folded already.
    phrases |= {value: value for value in phrases.values() if any(letter in letters for letter in value)}
    table = letters | phrases
    table.update({mark: unicodedata.normalize("NFKC", mark) for mark in MARKS})
    table.update(dict.fromkeys(DOTS, "·"))
    table.update({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})
    lines = [f"{key}\t{value}\n" for key, value in sorted(table.items())]
    TARGET.write_text(HEADER + "".join(lines), encoding="utf-8")
    print(f"{TARGET.name}: {len(lines)} entries")


def _dictionary(name: str) -> dict[str, str]:
    """One of the package's binary dictionaries; of several values the first is its own choice."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "dictionary.txt"
        source = SHARE / "share/opencc" / f"{name}.ocd2"
        tool = [
            str(SHARE / "bin/opencc_dict"),
            "-i",
            str(source),
            "-f",
            "ocd2",
            "-o",
            str(output),
            "-t",
            "text",
        ]
        subprocess.run(tool, check=True)
        rows = [line.split("\t") for line in output.read_text("utf-8").splitlines()]
    return {key: values.split(" ")[0] for key, values in rows}


if __name__ == "__main__":
    main()

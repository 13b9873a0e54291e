"""Write src/digest/text/script_table.py from OpenCC's character tables.

    python tools/make_script_table.py

Needs the `opencc` package (Apache License 2.0). A letter is Traditional-only when
its Simplified form differs, Simplified-only when it is its own Simplified form and
has another Traditional one. Run once; the result is part of the sources.
"""

from __future__ import annotations

from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).parent.parent / "src/digest/text/script_table.py"
HEADER = '''"""Letters of one Chinese script only. Written by tools/make_script_table.py; do not edit.

Source: the character tables of OpenCC (https://github.com/BYVoid/OpenCC), Apache License 2.0.
"""

'''


def main() -> None:
    """Compute both sets over the basic Han block and write them, 90 letters a line."""
    to_simple, to_traditional = OpenCC("t2s"), OpenCC("s2t")
    letters = [chr(code) for code in range(0x4E00, 0xA000)]
    traditional = [c for c in letters if to_simple.convert(c) != c]
    simplified = [c for c in letters if to_simple.convert(c) == c and to_traditional.convert(c) != c]
    text = HEADER + _constant("SIMPLIFIED", simplified) + "\n" + _constant("TRADITIONAL", traditional)
    TARGET.write_text(text, encoding="utf-8")


def _constant(name: str, letters: list[str]) -> str:
    rows = ["".join(letters[i : i + 90]) for i in range(0, len(letters), 90)]
    body = "\n".join(f'    "{row}"' for row in rows)
    return f"{name} = (\n{body}\n)\n"


if __name__ == "__main__":
    main()

"""The measures of `digest threads score`, against cases worked out by hand and the script they come from."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import scoring

FILES = [f"{letter}.md" for letter in "abcdefgh"]


def clustered(text: str) -> dict[str, str]:
    """`ab c` puts a and b into one cluster, c into another."""
    return {f"{letter}.md": f"{n}:{part}" for n, part in enumerate(text.split()) for letter in part}


def test_b_cubed_by_hand():
    # a, b, c are one story, d alone; the threads have a, b together and c with d.
    b3, plus = scoring.b_cubed(clustered("abc d"), clustered("ab cd"))
    assert b3 == pytest.approx(
        ((1 + 1 + 1 / 2 + 1 / 2) / 4, (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, 2 * 0.75 * (8 / 12) / (0.75 + 8 / 12))
    )
    assert plus == pytest.approx((0.75, 5 / 9, 2 * 0.75 * (5 / 9) / (0.75 + 5 / 9)))


@pytest.mark.parametrize(
    ("gold", "system", "b3", "plus"),
    [
        ("abc de", "abc de", (1, 1, 1), (1, 1, 1)),
        ("abcd", "", (1, 0.25, 0.4), (0, 0.25, 0)),
        ("a b c d", "abcd", (0.25, 1, 0.4), (0.25, 0, 0)),
        # Members outside the window do not count.
        ("ab", "abcdefgh", (1, 1, 1), (1, 1, 1)),
        ("ab", "ac bd", (1, 0.5, 2 / 3), (0, 0.5, 0)),
        ("", "ab", (0, 0, 0), (0, 0, 0)),
    ],
)
def test_b_cubed_of_extremes(gold, system, b3, plus):
    assert scoring.b_cubed(clustered(gold), clustered(system)) == (pytest.approx(b3), pytest.approx(plus))


def test_best_match_by_hand():
    rows = [*((f, "long") for f in FILES[:4]), ("g.md", "lost"), ("h.md", "lost"), ("f.md", "one")]
    matches = scoring.match_best(rows, clustered("abce df"))
    assert list(matches) == ["long", "lost", "one"]
    assert matches["long"] == (2 * 3 / 8, "0:abce", 3, 4, 4)
    assert matches["lost"] == (0, None, 0, 0, 2)
    assert matches["one"] == (2 / 3, "1:df", 1, 2, 1)
    assert scoring.mean_f1(matches) == pytest.approx((0.75 + 0 + 2 / 3) / 3)


LABELS = st.dictionaries(st.sampled_from(FILES), st.sampled_from("pqrst"))


@pytest.fixture(scope="session")
def original(corpus: Path) -> ModuleType:
    """The script that the definitions are taken from."""
    place = corpus / "gold" / "score.py"
    if not place.is_file():
        pytest.skip("no gold labels beside the archive")
    spec = importlib.util.spec_from_file_location("score", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.corpus
@given(gold=LABELS, system=LABELS)
def test_b_cubed_is_that_of_the_script(original, gold, system):
    b3, plus = scoring.b_cubed(gold, system)
    assert {"b3": b3, "b3+": plus} == original.b_cubed(gold, system)


@pytest.mark.corpus
@given(rows=st.lists(st.tuples(st.sampled_from(FILES), st.sampled_from("xyz"))), system=LABELS)
def test_best_match_is_that_of_the_script(original, rows, system):
    stories: dict[str, set[str]] = {}
    for file, story in rows:
        stories.setdefault(story, set()).add(file)
    found = scoring.match_best(rows, system)
    mine = {name: (m.f1, m.common, m.thread_size, m.story_size) for name, m in found.items()}
    assert mine == original.best_match(stories, system)
    assert scoring.mean_f1(found) == pytest.approx(original.mean([m[0] for m in mine.values()]))


@pytest.mark.corpus
@given(text=st.text("ab.md\t\n\r\u2028 x/", max_size=40))
def test_gold_is_read_as_the_script_reads_it(original, tmp_path_factory, text):
    path = tmp_path_factory.mktemp("gold") / "gold.tsv"
    path.write_text(text + "\nz.md\tstory\n", "utf-8")
    gold = scoring.read_gold(path.read_text("utf-8"), ["z.md"])
    theirs = {(Path(file).name, story) for file, story in original.pairs(path) if file.strip() and story}
    assert gold.kind == "window"
    assert set(gold.rows) == theirs


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a.md\tsummit\nb.md\ts-1\n", "window"),
        ("summit\ta.md\nsummit\tb.md\n", "stories"),
        ("news/a.md\tsummit\n", "window"),
        # One line of many may be wrong; where no file is known, the ending tells.
        ("a.md\tsummit\nb.md\tsummit\nsummit\tb.md\n", "window"),
        ("x.md\tsummit\n", "window"),
        ("summit\tx.HTML\n", "stories"),
        ("\ufeffsummit\ta.md\r\n", "stories"),
    ],
)
def test_the_kind_of_labels_is_told_by_the_column_of_files(text, kind):
    gold = scoring.read_gold(text, FILES)
    assert gold.kind == kind
    assert all(file.lower().endswith((".md", ".html")) for file, _ in gold.rows if file != "summit")


@pytest.mark.parametrize("text", ["", "\n\n", "summit\tother\n", "a.md\tb.md\n", "a.md summit\n"])
def test_labels_that_tell_no_files_are_refused(text):
    with pytest.raises(ValueError, match="expected file<TAB>story or story<TAB>file"):
        scoring.read_gold(text, FILES)


def test_lines_that_name_no_file_and_broken_ones_are_told():
    gold = scoring.read_gold("a.md\tx\n\ngone.md\tx\nno tab\nb.md\t\n", FILES)
    assert gold.rows == (("a.md", "x"), ("gone.md", "x"))
    assert gold.unknown == ((3, "gone.md"),)
    assert gold.broken == ((4, "no tab"), (5, "b.md"))


def test_files_are_told_by_base_name_and_a_later_thread_has_the_say():
    assert scoring.label([("one", ["x/a.md", "b.md"]), ("two", ["y/a.md"])]) == {"a.md": "two", "b.md": "one"}


def test_mistakes_are_pieces_and_intruders_worst_first():
    gold = scoring.read_gold(
        "".join(f"{f}.md\t{s}\n" for f, s in zip("abcdefgh", "11112233", strict=True)), FILES
    )
    system = clustered("abe cf gh") | {"other.md": "0:abe"}
    worst, second = scoring.find_mistakes(gold, system)
    assert worst.story == "1"
    assert worst.pieces == (("0:abe", ("a.md", "b.md")), ("1:cf", ("c.md",)), (None, ("d.md",)))
    assert worst.intruders == ("e.md",)
    assert worst.loss == pytest.approx(4 * (1 - 4 / 7))
    assert (second.story, second.intruders) == ("2", ("c.md",))
    assert scoring.find_mistakes(gold, clustered("abcd ef gh")) == []
    long = gold._replace(kind="stories", rows=(("a.md", "1"), ("b.md", "1")))
    assert scoring.find_mistakes(long, system)[0].intruders == ("e.md", "other.md")


def test_a_story_in_no_thread_is_a_mistake():
    gold = scoring.read_gold("a.md\tx\nb.md\tx\nc.md\ty\n", FILES)
    (mistake,) = scoring.find_mistakes(gold, {})
    assert mistake.pieces == ((None, ("a.md", "b.md")),)
    assert (mistake.intruders, mistake.loss) == ((), 2)

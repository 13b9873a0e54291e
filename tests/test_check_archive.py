"""`digest check` on the archive: texts, edges, gaps and clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.checking.boilerplate import find_patterns
from digest.checking.clocks import Shift, count_midnights, find_shifts, is_ahead
from digest.checking.gaps import Gap, find_gaps
from digest.checking.limits import SITE_LIMIT, Figures, forecast, judge_sizes, measure
from digest.checking.texts import read_text
from digest.model import Version

# --- texts --------------------------------------------------------------------------------------


def codes(text: str) -> list[str]:
    return [flaw.code for flaw in read_text(text).flaws]


@pytest.mark.parametrize(
    "broken",
    [
        "水位\ufffd\ufffd上涨",
        "甲乙".encode().decode("latin-1"),
        "我们是说“人”的，在这里。".encode().decode("gbk", "ignore"),
        "it’s late".encode().decode("cp1252"),
        "地名锟斤拷不详",
        "化学品二???英超标",
        "完\uf06e",
        "字\x08字",
    ],
)
def test_broken_characters_are_found(broken: str) -> None:
    assert "mojibake" in codes(f"前文。\n{broken}\n后文。")


@pytest.mark.parametrize(
    "sound",
    [
        "真的？？？他问。",
        "Åse Æble, señor Muñoz, Âge d’or, naïve façade, Ça va",
        "Straße “quoted” – it’s 5 € …",
        "浜田、鏄",  # rare letters by themselves
        "\U00020000 rare Han, 🙂",
    ],
)
def test_odd_but_sound_letters_are_no_mojibake(sound: str) -> None:
    assert codes(sound) == []


@pytest.mark.parametrize(
    "text", ["他说&quot;好&quot;。", "甲&#22338;乙", '见<a href="x">此处</a>。', "一<br/>二"]
)
def test_markup_in_the_text_is_found(text: str) -> None:
    assert codes(text) == ["markup-left"]


@pytest.mark.parametrize("text", ["AT&T;", "a < b > c", "<人民日报>说", "P&L; 5 <p"])
def test_signs_that_are_no_markup(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("これはテストです。日本語の文章", "Japanese"),
        ("한국어 문장입니다", "Korean"),
        ("Это предложение", "Cyrillic"),
        ("هذه جملة", "Arabic"),
        ("བོད་ཡིག་གི་ཚིག", "Tibetan"),
    ],
)
def test_other_scripts_are_named(text: str, script: str) -> None:
    (flaw,) = read_text(text).flaws
    assert (flaw.code, script in flaw.message) == ("script-unknown", True)


def test_a_foreign_word_makes_no_foreign_text() -> None:
    assert codes("安倍（あべ）在记者会上说，这是他第一次访问莫斯科（Москва）。") == []


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("前文。\n他接着说……", "an ellipsis"),
        ("so it goes [...]", "an ellipsis"),
        ("前文 阅读全文 »", "words such as 'read more'"),
        ("完。", ""),
    ],
)
def test_how_a_text_breaks_off(text: str, how: str) -> None:
    assert read_text(text).cut == how


def test_edges_leave_out_numbers_and_datelines() -> None:
    marks = read_text("（某社京城12日电）第3次会谈\n中间\n末段\n编辑：8号")
    assert marks.heads == ("第0次会谈", "中间")
    assert marks.tails == ("末段", "编辑：0号")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    marks = read_text(text)
    assert len(marks.heads) <= 2 >= len(marks.tails)


# --- boilerplate --------------------------------------------------------------------------------


def told(texts: list[str]) -> list[tuple[str, str, int]]:
    return [
        (p.edge, p.text, p.articles)
        for p in find_patterns([(f"{n:03}.md", read_text(t)) for n, t in enumerate(texts)])
    ]


def numbered(count: int, form: str) -> list[str]:
    """Texts that differ in letters, not only in numbers."""
    return [form.format(chr(0x4E00 + 7 * n) * 9) for n in range(count)]


def test_a_sign_off_that_stays_is_told_once_and_whole() -> None:
    texts = numbered(30, "{0}开头\n{0}正文。\n欢迎订阅本报的每日简报，编号77。")
    assert told(texts) == [("tail", "欢迎订阅本报的每日简报，编号0。", 30)]


def test_a_short_block_of_its_own_is_told_and_the_same_end_of_a_sentence_too() -> None:
    assert told(numbered(30, "{0}开头\n{0}正文\n国际联播要闻")) == [("tail", "国际联播要闻", 30)]
    assert told(numbered(30, "{0}开头\n{0}，本台将继续关注。")) == [("tail", "，本台将继续关注。", 30)]


def test_an_opening_that_recurs_is_told() -> None:
    assert told(numbered(30, "本专栏由特约作者每周供稿，{0}\n{0}\n{0}。")) == [
        ("head", "本专栏由特约作者每周供稿，", 30)
    ]


def test_articles_with_their_own_words_have_no_boilerplate() -> None:
    assert told(numbered(40, "{0}开头\n{0}正文\n{0}结尾。")) == []


def test_a_few_are_not_many() -> None:
    texts = [
        *numbered(700, "{0}开头\n{0}结尾"),
        *[f"{t}\n欢迎订阅本报的每日简报" for t in numbered(13, "甲{0}\n乙{0}")],
    ]
    assert told(texts) == []
    assert told(texts[-13:]) != []


# --- gaps ---------------------------------------------------------------------------------------

START = date(2023, 1, 2)  # a Monday


def days(count: int, of: dict[int, int] | int, *, without: range = range(0)) -> list[date]:
    """`of` articles a day, or so many by weekday, for `count` days."""
    made = []
    for offset in range(count):
        day = START + timedelta(offset)
        number = of if isinstance(of, int) else of.get(day.weekday(), 0)
        made += [day] * (0 if offset in without else number)
    return made


def test_a_day_missed_by_a_busy_outlet_is_a_gap() -> None:
    (gap,) = find_gaps(days(60, 20, without=range(30, 31)), START + timedelta(60))
    assert gap == Gap(START + timedelta(30), START + timedelta(30), 20.0)


def test_weekends_are_no_gaps() -> None:
    weekdays = dict.fromkeys(range(5), 12)
    assert find_gaps(days(90, weekdays), START + timedelta(90)) == []


def test_a_slow_outlet_may_pause() -> None:
    assert find_gaps(days(60, 1, without=range(30, 37)), START + timedelta(60)) == []
    (gap,) = find_gaps(days(60, 1, without=range(30, 38)), START + timedelta(60))
    assert (gap.days, gap.open) == (8, False)


def test_an_outlet_that_has_stopped_is_silent_up_to_the_last_whole_day() -> None:
    (gap,) = find_gaps(days(20, 5), START + timedelta(30))
    assert gap == Gap(START + timedelta(20), START + timedelta(29), 50.0, open=True)
    assert find_gaps(days(20, 5), START + timedelta(20)) == []


def test_a_first_day_is_no_gap() -> None:
    assert find_gaps([], START) == []
    assert find_gaps([START], START) == []
    assert find_gaps([START] * 500 + [START + timedelta(400)], START + timedelta(400)) == []


# --- clocks -------------------------------------------------------------------------------------

NOON = datetime(2023, 3, 1, 12, tzinfo=UTC)


def version(published: datetime, fetched: datetime, **fields: object) -> Version:
    made = Version("a.md", "gazette", "key:1", "", "题", "zh-Hans", "", published=published, fetched=fetched)
    return type(made)(**{name: getattr(made, name) for name in made.__struct_fields__} | fields)


def polled(count: int, shift: float, *, start: datetime = NOON) -> list[Version]:
    """Articles one an hour, each fetched within the hour after, their times off by `shift` hours."""
    made = []
    for number in range(count):
        fetched = start + timedelta(hours=number)
        true = fetched - timedelta(minutes=3 + 11 * number % 55)
        made.append(version(true - timedelta(hours=shift), fetched))
    return made


def test_published_after_it_was_fetched() -> None:
    assert is_ahead(version(NOON + timedelta(minutes=6), NOON))
    assert not is_ahead(version(NOON + timedelta(minutes=4), NOON))
    assert not is_ahead(version(NOON + timedelta(hours=6), NOON, day_only=True))


@pytest.mark.parametrize("hours", [8, -8, 1, -2, 5])
def test_times_off_by_whole_hours_are_told_with_their_weeks(hours: int) -> None:
    versions = [*polled(300, 0), *polled(300, hours, start=NOON + timedelta(days=26))]
    (shift,) = find_shifts(versions)
    assert (shift.hours, shift.first.date() > NOON.date()) == (hours, True)
    assert shift.articles == 300


@given(st.lists(st.integers(0, 55), min_size=40, max_size=80))
def test_prompt_fetching_is_no_shift(minutes: list[int]) -> None:
    versions = [
        version(NOON + timedelta(hours=n, minutes=-m), NOON + timedelta(hours=n))
        for n, m in enumerate(minutes)
    ]
    assert find_shifts(versions) == []


def test_equal_times_do_not_hide_a_shift() -> None:
    moments = [NOON + timedelta(hours=n) for n in range(60)]
    equal = [version(moment, moment) for moment in moments]
    assert [shift.hours for shift in find_shifts([*equal, *polled(60, 8)])] == [8]


def test_equal_times_and_a_fetch_once_a_day_tell_nothing() -> None:
    assert (
        find_shifts([version(NOON + timedelta(hours=n), NOON + timedelta(hours=n)) for n in range(200)]) == []
    )
    daily = [
        version(NOON + timedelta(days=n // 24, hours=-(n % 24) - 9), NOON + timedelta(days=n // 24))
        for n in range(480)
    ]
    assert find_shifts(daily) == []


def test_times_that_are_always_midnight() -> None:
    midnights = [version(datetime(2023, 3, 1 + n, 16, tzinfo=UTC), NOON) for n in range(25)]
    assert count_midnights(midnights, ("Asia/Shanghai",)) == ("Asia/Shanghai", 25, 25)
    assert count_midnights(midnights, ("Europe/Paris",)) is None
    assert (
        count_midnights(
            [version(v.published or NOON, NOON, day_only=True) for v in midnights], ("Asia/Shanghai",)
        )
        is None
    )
    assert count_midnights(midnights[:19], ("Asia/Shanghai",)) is None


def test_a_shift_is_a_plain_value() -> None:
    assert Shift(NOON, NOON, 3, 8).articles == 3


# --- size ---------------------------------------------------------------------------------------


def test_the_forecast_goes_by_the_last_four_weeks() -> None:
    dates = [START + timedelta(days=n % 100) for n in range(1000)]
    figures = measure({"a.html": 80_000_000, "b.html": 20_000_000}, dates, START + timedelta(99))
    assert (figures.files, figures.bytes, figures.pages, figures.daily, figures.each) == (
        2,
        100_000_000,
        1000,
        10.0,
        100_000,
    )
    assert figures.months == pytest.approx(900_000_000 / 1_000_000 / 30.4375, abs=0.1)
    assert "at 10 articles a day of 100.0 kB each the limit of 1 GB is reached in" in forecast(figures)


def test_a_site_that_does_not_grow_has_no_forecast() -> None:
    assert measure({"a.html": 1}, [], None) == Figures(1, 1)
    assert forecast(measure({"a.html": 1}, [START], START + timedelta(400))) == ""


def test_limits_are_told() -> None:
    sizes = {"big.zip": 100_000_001, "fine.zip": 100_000_000}
    assert [f.code for f in judge_sizes(sizes, measure(sizes, [], None))] == ["file-too-large"]
    full = {f"{n}.bin": 99_000_000 for n in range(11)}
    assert [f.code for f in judge_sizes(full, measure(full, [START], START))] == ["site-too-large"]
    near = Figures(1, SITE_LIMIT // 2, 100, 10.0, 500_000, 3.2)
    (finding,) = judge_sizes({}, near)
    assert (finding.code, "3.2 months" in finding.message) == ("site-near-limit", True)

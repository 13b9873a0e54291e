"""What a story page says: clean headlines, sentences that stand alone, title, summary, events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from editions import START, page_of, scrape
from hypothesis import given
from hypothesis import strategies as st

from digest.taxonomy.headlines import clean_headline, rate_headline
from digest.taxonomy.material import Item, Material
from digest.taxonomy.reports import choose_title, read_report, settle_language, simplify, words_of
from digest.taxonomy.sentences import open_sentences, rate_sentence, strip_dateline
from digest.taxonomy.telling import Telling, tell


@pytest.mark.parametrize(
    ("printed", "clean"),
    [
        ("焦点对话：河上的新桥为何停工", "河上的新桥为何停工"),
        ("早安世界》新橋停工三天 市長道歉", "新橋停工三天 市長道歉"),
        ("【视频】新桥突然停工", "新桥突然停工"),
        ("《分析》新桥停工的代价", "新桥停工的代价"),
        ("獨家／新橋停工 市府隱瞞", "新橋停工 市府隱瞞"),
        ("德语媒体：新桥是一面镜子", "新桥是一面镜子"),
        ("港媒：新桥下月通车", "新桥下月通车"),
        ("更新：路透：新桥下月通车", "新桥下月通车"),
        ("新桥下月通车--消息人士", "新桥下月通车"),
        ("新桥下月通车（更新版）", "新桥下月通车"),
        ("新橋下月通車【圖輯】(影音) - 231105-7", "新橋下月通車"),
        ("市长就新桥的讲话(全文翻译)", "市长就新桥的讲话"),
        ("新桥案情通报（2023年11月5日）", "新桥案情通报"),
        ("新桥下月通车 | 观点", "新桥下月通车"),
        ("新桥下月通车 - 某国之音 News", "新桥下月通车"),
        ("市长称新桥是“奇迹“", "市长称新桥是“奇迹”"),
        ("市长称新桥”是奇迹", "市长称新桥是奇迹"),
        ("新桥停工 ：市长道歉。", "新桥停工：市长道歉"),
        ("The bridge’s long wait", "The bridge’s long wait"),
        # What carries the claim, names the story or is all there is stays.
        ("专家：新桥撑不过十年", "专家：新桥撑不过十年"),
        ("新桥停工：市长道歉", "新桥停工：市长道歉"),
        ("《河上的桥》获奖", "《河上的桥》获奖"),
        ("港媒：通车", "港媒：通车"),
    ],
)
def test_a_headline_is_rid_of_what_the_outlet_added(printed, clean):
    assert clean_headline(printed) == clean


@given(st.text(alphabet='新桥】【》《「」“”"（）()：:|--。 1A', max_size=40))
def test_cleaning_ends_and_takes_no_headline_away(title):
    clean = clean_headline(title)
    assert not title.strip('】【》《「」“”"（）()：:|-。 ') or clean


@pytest.mark.parametrize(
    ("plain", "wanting"),
    [
        ("新桥因裂缝停工三天", "新桥因裂缝停工三天？"),
        ("新桥因裂缝停工三天", "新桥为何停工三天"),
        ("新桥因裂缝停工三天", "新桥停工背后的故事"),
        ("新桥因裂缝停工三天", "市长：新桥会按时通车"),
        ("新桥因裂缝停工三天", "邻市批评新桥停工三天"),
        ("新桥因裂缝停工三天", "停工"),
        ("新桥因裂缝停工三天", "新桥因裂缝停工三天" * 4),
    ],
)
def test_a_plain_statement_is_the_better_headline(plain, wanting):
    assert rate_headline(wanting, wanting) < rate_headline(plain, plain) == 1


def test_comment_is_told_by_the_label_that_cleaning_took():
    assert rate_headline("客座评论：新桥撑不过十年", "新桥撑不过十年") < rate_headline(
        "独家：新桥撑不过十年", "新桥撑不过十年"
    )


@pytest.mark.parametrize(
    "dateline",
    [
        "（中央社記者某某台北5日電）",
        "（某通社巴黎5日电） ",
        "(德国之声中文网)",
        "（早报讯）",
        "路透北京11月5日 - ",
        "（新增回应）路透北京11月5日 - ",
        "某新社河城5日电：",
        "河城——",
        "2023年11月5日，本网获悉：",
        "#記者某某採訪報導#",
        "新桥停工 市长道歉（中央社河城5日电）",
    ],
)
def test_datelines_go(dateline):
    assert strip_dateline(dateline + "市长宣布新桥停工。") == "市长宣布新桥停工。"


def test_a_sentence_that_looks_like_a_dateline_stays():
    for text in ("市报社会版说新桥停工，引发热议。", "市社会科学院发布报告：新桥安全。"):
        assert strip_dateline(text) == text


FIRST = "河城市政府周一宣布，因桥墩出现裂缝，新桥停工三天。"
SECOND = "工程队正在检查其余的桥墩，通车日期可能推迟。"


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"excerpt": FIRST + SECOND + "第三句不再读。"}, (FIRST, SECOND)),
        ({"excerpt": FIRST + "工程队正在检查其余…"}, (FIRST,)),
        ({"lead": FIRST, "excerpt": SECOND}, (FIRST,)),
        (
            {"lead": "新桥停工三天的消息传出后全城议论纷纷", "excerpt": ""},
            ("新桥停工三天的消息传出后全城议论纷纷",),
        ),
        ({"lead": "新桥还能按时通车，造福两岸居民吗？", "excerpt": FIRST}, (FIRST,)),
        ({"excerpt": "他说，新桥会按时通车，请市民放心。" + FIRST}, ()),
        ({"excerpt": FIRST + "这是本市第三次停工，市民都很不满。"}, (FIRST,)),
        ({"excerpt": "编者按：" + FIRST}, ()),
        ({"excerpt": "大家好，欢迎收看今天的节目，我是主持人。"}, ()),
        ({"excerpt": "短句。" + FIRST}, ()),
        ({"excerpt": "长" * 96 + "。"}, ()),
        (
            {"excerpt": "市长在记者会上说：“我们会查清楚。请大家放心。”随后离席。"},
            ("市长在记者会上说：“我们会查清楚。请大家放心。”",),
        ),
        (
            {"excerpt": "The bridge over the river was closed on Monday. It will stay closed…", "lang": "en"},
            ("The bridge over the river was closed on Monday.",),
        ),
        ({"excerpt": ""}, ()),
    ],
)
def test_sentences_that_stand_alone(fields, sentences):
    version = scrape(1, **fields)
    assert open_sentences(version.lead or "", version.excerpt) == sentences


def test_a_sentence_that_points_elsewhere_rates_less():
    assert rate_sentence("河城市议会以多数票通过了该法案。") < rate_sentence(FIRST) == 1


def _page(number: int, title: str, source: str = "rfi", hours: float | None = None, **fields: object) -> Item:
    moment = START + timedelta(hours=number if hours is None else hours)
    version = scrape(number, title=title, source=source, moment=moment, **{"size": 500, **fields})
    page = page_of(version)
    day = f"{page.moment:%Y-%m-%d}" if page.moment else ""
    lead, bare = version.lead or "", not version.size
    return Item(page.id, source, title, day, version.lang, lead, version.excerpt, bare)


def _tell(pages: Sequence[Item], *events: Sequence[int], **more: Sequence[int]) -> Telling:
    left = set(range(len(pages))).difference(*events)
    parts = (*map(tuple, events), *((number,) for number in sorted(left)))
    return tell(Material(tuple(pages), parts, **more))


def test_the_title_is_the_headline_with_most_in_common():
    pages = [
        _page(1, "河上传出巨响"),
        _page(2, "河城新桥坍塌", "voa"),
        _page(3, "河城新桥坍塌 两人受伤", "dw"),
        _page(4, "救援人员赶到河城新桥", "bbc"),
    ]
    telling = _tell(pages)
    assert (telling.title, telling.lang) == ("河城新桥坍塌", "zh-Hans")


def test_scripts_are_compared_and_the_title_is_in_that_of_most():
    pages = [
        _page(1, "河城新橋倒塌釀兩傷", "cna", lang="zh-Hant"),
        _page(2, "河城新桥倒塌", "voa"),
        _page(3, "河城新桥倒塌两人伤", "dw"),
    ]
    assert _tell(pages).lang == "zh-Hans"
    traditional = [_page(n, "河城新橋倒塌", "cna", lang="zh-Hant") for n in (1, 2)]
    assert _tell([*traditional, _page(3, "河城新桥倒塌")]).title == "河城新橋倒塌"


def test_words_compare_across_scripts_and_latin_ones_are_whole():
    assert words_of(simplify("新橋發生事故", "zh-Hant"), "zh-Hant") == words_of("新桥发生事故", "zh-Hans")
    assert {"tiktok", "收购"} <= words_of("TikTok收购", "zh-Hans")
    assert words_of("The bridge fell", "en") == {"the", "bridge", "fell"}


def test_no_question_where_a_statement_is_as_near():
    pages = [
        _page(1, "河城新桥为何倒塌？"),
        _page(2, "河城新桥昨晚倒塌", "voa"),
        _page(3, "河城新桥倒塌了吗", "dw"),
    ]
    assert _tell(pages).title == "河城新桥昨晚倒塌"


def test_the_language_holds_until_clearly_outnumbered():
    assert settle_language(["zh-Hant", "zh-Hans"]) == "zh-Hans"
    assert settle_language(["zh-Hant", "zh-Hant", "zh-Hans"]) == "zh-Hant"
    four = ["zh-Hans", "zh-Hans", "zh-Hans", "zh-Hant"]
    assert settle_language([*four, "zh-Hant", "zh-Hant"]) == "zh-Hans"
    assert settle_language([*four, "zh-Hant", "zh-Hant", "zh-Hant"]) == "zh-Hant"
    assert settle_language([*four, *["zh-Hans"] * 5, *["zh-Hant"] * 8]) == "zh-Hans"


def test_the_title_names_the_story_and_not_its_last_twist():
    begun = [_page(n, f"河城新桥倒塌 救援第{n}天") for n in range(1, 10)]
    twist = [_page(n, "河城市长因新桥辞职", "voa") for n in range(10, 14)]
    assert "倒塌" in _tell([*begun, *twist]).title
    assert _tell([*begun[:2], *twist]).title == "河城市长因新桥辞职"


def _titles(*headlines: str) -> list[str]:
    """The title of the story after each report."""
    reports = [read_report(_page(n, headline), opening=True) for n, headline in enumerate(headlines)]
    return [choose_title(reports[:size], "zh-Hans")[0].headline for size in range(1, len(reports) + 1)]


def test_a_growing_story_keeps_its_title_but_at_its_steps():
    fell, left = "河城新桥倒塌", "市长因贪污辞职"
    assert _titles(fell, fell, left, left, left, left) == [fell] * 5 + [left]
    headlines = ("河城新桥倒塌", "新桥倒塌两人伤", "河城调查新桥倒塌", "市长谈新桥", "新桥倒塌后河城封路")
    titles = _titles(*(headlines[n % 5] + str(n) for n in range(60)))
    changes = {size for size in range(2, 61) if titles[size - 1] != titles[size - 2]}
    assert changes <= {2, 3, 4, 6, 9, 13, 19, 28, 42}


def test_a_title_yields_only_to_one_that_is_clearly_better():
    assert _titles("河城新桥周五突然倒塌了", "河城新桥周五突然倒塌")[1] == "河城新桥周五突然倒塌了"
    assert _titles("河城新桥周五突然倒塌了两段桥面", "河城新桥周五突然倒塌")[1] == "河城新桥周五突然倒塌"


def test_a_pair_gets_one_sentence_and_none_where_nothing_is_gained():
    pages = [_page(1, "新桥停工三天", excerpt=FIRST + SECOND), _page(2, "河城新桥停工，工期三天", "voa")]
    assert [s.text for s in _tell(pages).summary] == [FIRST]
    other = [_page(1, "河城新桥停工三天", excerpt=""), _page(2, "河城新桥停工了", "voa", excerpt=FIRST)]
    assert [s.page for s in _tell(other).summary] == ["voa-2"]
    both = [_page(1, "河城大桥与小桥", excerpt=OPENED), _page(2, "河城新桥停工", "voa", excerpt=FIRST)]
    assert (_tell(both).title, _tell(both).summary[0].text) == ("河城大桥与小桥", OPENED)
    again = "新桥停工三天，市长公开道歉。"
    idle = [_page(n, again[:-1], source, excerpt=again) for n, source in ((1, "rfi"), (2, "voa"))]
    assert _tell(idle).summary == ()


OPENED = "河城市政府周一宣布，横跨大河的新桥将于明年春天建成通车。"
CRACKED = "工程师周三在新桥的桥墩上发现多道裂缝，工地随即停工检查。"
FELL = "新桥的一段桥面周五凌晨坠入大河，造成两名工人受伤送医。"
RESIGNED = "市长因桥梁事故引咎辞职，由副市长代行职务直到补选。"


def _long_story() -> tuple[list[Item], list[list[int]]]:
    told = [
        (OPENED, "新桥明春通车"),
        (CRACKED, "新桥桥墩现裂缝"),
        (FELL, "新桥桥面坠河"),
        (RESIGNED, "新桥事故 市长辞职"),
    ]
    pages = [
        _page(3 * day + at, title + str(at), source, hours=48 * day + at, excerpt=sentence)
        for day, (sentence, title) in enumerate(told)
        for at, source in enumerate(("rfi", "voa", "dw"))
    ]
    return pages, [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]


def test_the_summary_tells_beginning_turns_and_end_in_order():
    pages, events = _long_story()
    telling = _tell(pages, *events[::-1])
    assert [s.text for s in telling.summary] == [OPENED, CRACKED, FELL, RESIGNED]
    assert all(s.page in {p.id for p in pages} and s.lang == "zh-Hans" for s in telling.summary)


def test_a_summary_repeats_nothing_and_gives_a_day_one_sentence():
    pages, events = _long_story()
    same = [_page(n, f"新桥桥面坠河{n}", "bbc", hours=n, excerpt=FELL) for n in range(20, 26)]
    assert len(_tell(same).summary) == 1
    two = _tell([*pages[:3], *pages[6:9]], [0, 1, 2], [3, 4, 5])
    assert [s.text for s in two.summary] == [OPENED, FELL]
    again = FELL.replace("造成两名工人受伤送医", "两名工人送往医院治疗")
    repeated = [_page(40 + n, f"新桥桥面坠河{n}", "cna", hours=240 + n, excerpt=again) for n in range(3)]
    telling = _tell([*pages, *repeated], *events, [12, 13, 14])
    assert [s.text for s in telling.summary] == [OPENED, CRACKED, RESIGNED, again]
    half = FELL[:14] + "，市长宣布全城停课一天并为此道歉。"
    halves = [_page(n, f"新桥坠河{n}", "cna", hours=16 * n, excerpt=(FELL, half)[n // 3]) for n in range(6)]
    assert len(_tell(halves, [0, 1, 2], [3, 4, 5]).summary) == 1
    silent = [_page(n, p.title, hours=48 + n) if 3 <= n < 6 else p for n, p in enumerate(pages)]
    extra = [_page(50 + n, f"工程队忙于检查{n}", "bbc", hours=98 + n / 9, excerpt=SECOND) for n in range(3)]
    telling = _tell([*silent[:9], *extra, *silent[9:]], *events, [12, 13, 14])
    assert [s.text for s in telling.summary] == [OPENED, FELL, RESIGNED]


def test_events_stand_by_day_and_moment_with_their_first_report_s_day():
    pages = [_page(1, "新桥停工"), _page(2, "旧桥限行"), _page(15, "新桥复工"), _page(17, "新桥再停工")]
    telling = _tell(pages, [3, 2], [1], [0])
    assert [(e.day, e.members) for e in telling.events] == [
        ("2023-11-01", ("rfi-1",)),
        ("2023-11-01", ("rfi-2",)),
        ("2023-11-01", ("rfi-15", "rfi-17")),
    ]


def test_undated_reports_come_first_under_no_day():
    undated = _page(9, "新桥停工", published=None, fetched=None)
    assert [e.day for e in _tell([undated, _page(1, "新桥复工")]).events] == ["", "2023-11-01"]


def test_the_lead_of_an_event_is_central_has_text_and_is_no_copy():
    titles = ("看看这座桥", "河城新桥停工三天", "河城新桥停工三天 市民不满", "新桥停工")
    pages = [_page(n, title, excerpt=FIRST) for n, title in enumerate(titles, 1)]
    assert _tell(pages, [0, 1, 2, 3]).events[0].members == ("rfi-2", "rfi-1", "rfi-3", "rfi-4")
    assert _tell(pages, [0, 1, 2, 3], copies=(1,)).events[0].members[0] != "rfi-2"
    bare = [*pages[:1], _page(2, titles[1], excerpt=FIRST, size=0), *pages[2:]]
    assert _tell(bare, [0, 1, 2, 3]).events[0].members[0] != "rfi-2"


def test_key_events_are_carried_by_many_or_pinned():
    outlets = ("rfi", "voa", "dw", "bbc", "cna")
    pages = [_page(n, f"新桥消息{n}", outlets[n % 5], hours=24 * (n // 5) + n % 5) for n in range(40)]
    broad = [range(5 * day, 5 * day + 5) for day in (0, 3)]
    single = [[n] for day in (1, 2, 4, 5, 6, 7) for n in range(5 * day, 5 * day + 5)]
    keys = [e.day for e in _tell(pages, *broad, *single).events if e.key]
    assert keys == ["2023-11-01", "2023-11-04"]
    pinned = [e.members for e in _tell(pages, *broad, *single, pinned=(7,)).events if e.key]
    assert (pages[7].id,) in pinned
    assert len(pinned) == 3


def test_only_the_broadest_quarter_of_the_events_is_key():
    outlets = ("rfi", "voa", "dw", "bbc")
    pages = [_page(n, f"消息{n}", outlets[n % 4], hours=24 * (n // 4) + n % 4) for n in range(24)]
    events = [[n, n + 1, n + 2] for n in range(0, 24, 4)]
    events[2].append(11)
    events[5].append(23)
    days = [e.day for e in _tell(pages, *events).events if len(e.members) > 1 and e.key]
    assert days == ["2023-11-01", "2023-11-03", "2023-11-06"]


def test_a_story_of_small_events_has_one_key_event_the_broadest():
    pages = [
        _page(1, "新桥停工"),
        _page(2, "新桥复工", "voa"),
        _page(3, "新桥复工了", "dw"),
        _page(4, "通车"),
    ]
    assert [e.key for e in _tell(pages, [0], [1, 2], [3]).events] == [False, True, False]
    assert [e.key for e in _tell(pages[:1]).events] == [True]


def test_the_longest_story_has_twelve_key_events():
    pages = [
        _page(n, f"消息{n}", ("rfi", "voa", "dw")[n % 3], hours=24 * (n // 3) + n % 3) for n in range(180)
    ]
    telling = _tell(pages, *([n, n + 1, n + 2] for n in range(0, 180, 3)))
    assert sum(e.key for e in telling.events) == 12


@st.composite
def _stories(draw: st.DrawFn) -> tuple[list[Item], list[list[int]]]:
    headline = st.text(alphabet="新桥旧河城停工？：“”。 A1", max_size=24)
    number = draw(st.integers(1, 12))
    pages = [
        _page(
            n,
            draw(headline),
            draw(st.sampled_from(("rfi", "voa", "dw", "cna"))),
            hours=7 * n,
            lang=draw(st.sampled_from(("zh-Hans", "zh-Hant", "en"))),
            excerpt=draw(st.sampled_from(("", FIRST + SECOND, OPENED, FELL + RESIGNED))),
            size=draw(st.sampled_from((0, 300))),
        )
        for n in range(number)
    ]
    parts: dict[int, list[int]] = {}
    for n in range(number):
        parts.setdefault(draw(st.integers(0, 4)), []).append(n)
    return pages, list(parts.values())


@given(_stories(), st.randoms(use_true_random=False))
def test_whatever_the_story(story, random):
    pages, events = story
    telling = _tell(pages, *events)
    names = {page.id: page for page in pages}
    assert sorted(m for e in telling.events for m in e.members) == sorted(names)
    assert [e.day for e in telling.events] == sorted(e.day for e in telling.events)
    assert 1 <= sum(e.key for e in telling.events) <= 12
    assert telling.title in {clean_headline(page.title) for page in pages}
    assert len(telling.summary) <= 4
    for sentence in telling.summary:
        item = names[sentence.page]
        assert sentence.text in item.excerpt
        assert sentence.lang == item.lang
    shuffled = [random.sample(event, len(event)) for event in random.sample(events, len(events))]
    assert _tell(pages, *shuffled) == telling

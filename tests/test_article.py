"""One file to its fields: what the whole reading makes of small articles."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.loaders import Reader, load, trace
from digest.model import Link, Loaded, Picture, SourceFile, Trace
from digest.permalinks import Permalinks
from digest.sources.profile import (
    AuthorRule,
    CaptionRule,
    DateRule,
    HeroRule,
    Profile,
    Shift,
    StripRule,
    TitleRule,
    UrlRule,
)

RIVER = Profile(
    slug="river",
    name="河边报",
    names=("Riverside",),
    domains=("river.example",),
    timezone="Asia/Shanghai",
    url=UrlRule(key=r"/(\d+)\.html", section=r"/(news|sport)/"),
    title=TitleRule(strip=(r"\s*\| 河边报$",), prefix=r"^(?:焦点：|\[\w+\] )", suffix=r" - (要闻)$"),
    dates=(DateRule(css="i.when"), DateRule(opening=r"\A(\d{4}年\d+月\d+日)\s", format="%Y年%m月%d日")),
    authors=(AuthorRule(css="b.who"), AuthorRule(closing=r"（记者([^）]+)）\Z")),
    lead=("p.lead",),
    caption=CaptionRule(css=("small.cap",), credit=r"（([^（）]+)）$"),
    placeholders=("/logo",),
    related=("div.more a",),
    tags=("a.tag",),
    strip=(
        StripRule(rule="more", css="div.more"),
        StripRule(rule="promotion", block="^订阅"),
        StripRule(rule="dateline", start=r"^河边电 - "),
        StripRule(rule="end mark", inline=r"（完）$"),
        StripRule(rule="tail", after="^====$"),
    ),
    truncated=r"…更多$",
)
HEAD = "<!--1598576523000-->\n[渡船停运](https://river.example/news/12.html)\n------\n\n"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader((RIVER,))


def read(reader: Reader, text: str, path: str = "x/a.md") -> Loaded:
    loaded = load(SourceFile(path, text.encode()), reader)
    assert isinstance(loaded, Loaded), loaded
    return loaded


def traced(reader: Reader, text: str, path: str = "x/a.md") -> tuple[Loaded, Trace]:
    loaded, told = trace(SourceFile(path, text.encode()), reader)
    assert isinstance(loaded, Loaded)
    assert told is not None
    return loaded, told


def codes(loaded: Loaded) -> list[str]:
    return [problem.code for problem in loaded.version.problems]


# Outlet, address, key ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front", "path", "source", "why"),
    [
        (
            "categories: [ news, Riverside ]\nfrom: https://other.example/1.html",
            "a.md",
            "river",
            "category 'Riverside'",
        ),
        ("from: http://www.river.example/1.html", "a.md", "river", "host www.river.example"),
        ("title: x", "2020/河边报/a.md", "river", "folder '河边报'"),
        ("from: https://news.other.example/1", "x/a.md", "news-other-example", "unknown host"),
        ("title: x", "My Papers/a.md", "my-papers", "unknown folder"),
        ("title: x", "a.md", "local", "no category"),
    ],
)
def test_the_outlet_is_told(reader: Reader, front: str, path: str, source: str, why: str) -> None:
    loaded, told = traced(reader, f"---\n{front}\n---\n<p>文。</p>", path)
    assert loaded.version.source == source
    assert told.why.startswith(why)


def test_key_and_link(reader: Reader) -> None:
    version = read(reader, HEAD + "<p>文。</p>").version
    assert (version.key, version.link) == ("key:12", "https://river.example/news/12.html")
    assert version.sections == ("news",)
    other = read(reader, "[t](https://www.other.example/a/?utm_source=x#y)\n------\n<p>文。</p>").version
    assert other.key == "url:other.example/a"
    assert read(reader, "<p>文。</p>", "x/b.html").version.key == "path:x/b.html"


def test_a_permalink_of_jekylls_own_is_no_original_address(reader: Reader) -> None:
    text = "---\ntitle: 渡船\ndate: 2020-07-02\npermalink: {}\n---\n<p>文。</p>"
    for permalink in ("/letters/two/", "letters/two.html", "/:title/"):
        loaded = read(reader, text.format(permalink))
        assert (loaded.version.link, codes(loaded)) == ("", [])
    assert read(reader, text.format("https://river.example/news/12.html")).version.key == "key:12"
    other = (
        "---\ndate: 2020-07-02\npermalink: /a/\nfrom: https://river.example/news/12.html\n---\n<p>文。</p>"
    )
    assert read(reader, other).version.key == "key:12"
    assert codes(read(reader, "---\ntitle: t\ndate: 2020-07-02\nlink: /a/\n---\n<p>文。</p>")) == ["link-bad"]


def test_the_address_of_old_is_told_only_where_it_is_asked_for(reader: Reader) -> None:
    text = "---\ndate: 2020-07-02\ncategories: [ 要闻 ]\n---\n<p>文。</p>"
    path = "_posts/2020-07-02-渡船.md"
    assert read(reader, text, path).version.former == ""
    moved = Reader((RIVER,), None, Permalinks("date", "UTC"))
    assert read(moved, text, path).version.former == "/要闻/2020/07/02/渡船.html"
    assert read(moved, text, "ferry.md").version.former == ""


# Title ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "title", "kicker"),
    [
        ("渡船停运 | 河边报", "渡船停运", None),
        ("渡船停运 - 要闻", "渡船停运", "要闻"),
        ("焦点：渡船停运", "渡船停运", "焦点："),
        ("[國際] 渡船停運", "渡船停運", "[國際]"),
        ("他说&quot;好&quot; &amp;#22338;直美", '他说"好" 坂直美', None),
        (r"他说\"好\"", '他说"好"', None),
        ("一  二\u00a0三\n四\u200b", "一 二 三 四", None),
        ("焦点：", "焦点：", None),
    ],
)
def test_titles_are_cleaned(reader: Reader, raw: str, title: str, kicker: str | None) -> None:
    version = read(reader, HEAD.replace("渡船停运", raw, 1) + "<p>文。</p>").version
    assert (version.title, version.kicker) == (title, kicker)


def test_the_longer_of_title_and_heading_counts_but_not_for_its_dots(reader: Reader) -> None:
    front = '---\ntitle: "渡船停运，"\n---\n'
    assert (
        read(reader, front + HEAD.replace("渡船停运", "渡船停运，桥明年通")).version.title
        == "渡船停运，桥明年通"
    )
    assert read(reader, front + HEAD.replace("渡船停运", "渡船停运，...")).version.title == "渡船停运，"


def test_a_heading_that_repeats_the_title_is_stripped(reader: Reader) -> None:
    loaded, told = traced(reader, HEAD + "<h1>渡船 停运</h1><p>文。</p><h2>渡船停运</h2><p>更多。</p>")
    assert loaded.body.text == "文。\n更多。"
    assert [p.rule for p in told.pieces if p.kind == "stripped"] == ["title", "title"]


def test_without_any_title_the_first_words_serve_and_stay(reader: Reader) -> None:
    loaded = read(reader, "<p>渡船今天停运了。居民绕路。</p>", "a.html")
    assert loaded.version.title == "渡船今天停运了。居民绕路。"
    assert loaded.body.text == "渡船今天停运了。居民绕路。"
    assert "title-missing" in codes(loaded)


# Times ------------------------------------------------------------------------------------------


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_a_time_in_the_body_goes_before_the_comment(reader: Reader) -> None:
    loaded, told = traced(reader, HEAD + '<i class="when">2020-08-28 08:30:00</i><p>文。</p>')
    assert loaded.version.published == at(2020, 8, 28, 0, 30)
    assert loaded.version.fetched == at(2020, 8, 28, 1, 2, 3)
    assert loaded.body.text == "文。"
    assert ("published", "date rule 1: 2020-08-28 08:30:00, Asia/Shanghai") in told.fields


def test_a_day_is_no_time_where_there_is_a_comment(reader: Reader) -> None:
    version = read(reader, HEAD + "<p>2020年8月27日 渡船停运。</p>").version
    assert (version.published, version.day_only) == (at(2020, 8, 28, 1, 2, 3), False)
    bare = read(reader, HEAD.split("\n", 1)[1] + "<p>2020年8月27日 渡船停运。</p>")
    assert (bare.version.published, bare.version.day_only) == (at(2020, 8, 26, 16), True)
    assert bare.body.text == "渡船停运。"


def test_a_date_with_a_fraction_is_the_scrapers(reader: Reader) -> None:
    front = "---\ndate: 2020-08-28T01:40:00.123Z\n---\n"
    version = read(reader, front + HEAD + "<p>文。</p>").version
    assert (version.published, version.fetched) == (at(2020, 8, 28, 1, 2, 3), at(2020, 8, 28, 1, 40))


def test_a_comment_ahead_of_the_date_is_refused(reader: Reader) -> None:
    loaded = read(reader, "---\ndate: 2020-08-27T20:00:00Z\n---\n" + HEAD + "<p>文。</p>")
    assert loaded.version.published == at(2020, 8, 27, 20)
    assert codes(loaded) == ["clock"]


@pytest.mark.parametrize(
    ("shift", "hours"),
    [
        (Shift(hours=-8, ahead=True), 17),
        (Shift(hours=-8, before="2021-01-01T00:00:00Z"), 17),
        (Shift(hours=-8, before="2020-01-01T00:00:00Z"), 20),
        (Shift(hours=-8, ahead=True, since="2021-01-01T00:00:00Z"), 20),
    ],
)
def test_the_first_shift_that_fits_repairs_the_clock(shift: Shift, hours: int) -> None:
    reader = Reader((Profile(slug="river", name="r", domains=("river.example",), clock=(shift,)),))
    text = "---\ndate: 2020-08-27T20:00:00.5Z\n---\n" + HEAD + "<p>文。</p>"
    published = read(reader, text).version.published
    assert published is not None
    assert (published.day, published.hour) == (27, hours)


def test_undated_and_broken_dates_are_reported(reader: Reader) -> None:
    assert codes(read(reader, "---\ntitle: t\n---\n<p>文。</p>")) == ["date-missing"]
    loaded = read(reader, "---\ntitle: t\ndate: 2020-13-01\n---\n<p>文。</p>")
    assert codes(loaded) == ["date-bad", "date-missing"]
    assert str(loaded.version.problems[0]).startswith(
        "x/a.md:3: date '2020-13-01' is not a date (expected YYYY-MM-DD"
    )


@pytest.mark.parametrize(
    ("path", "front", "published"),
    [
        ("_posts/2020-07-02-渡船.md", "", at(2020, 7, 2)),
        ("2020-07-02-ferry.md", "", at(2020, 7, 2)),
        ("2020-07-02-ferry.md", "date: 2020-07-09\n", at(2020, 7, 9)),
        ("2020-07-02-ferry.md", "date: soon\n", at(2020, 7, 2)),
        ("2020-13-02-ferry.md", "", None),
        ("2020-07-02.md", "", None),  # Jekyll takes no such file for a post
        ("2020-07-02-ferries/one.md", "", None),
        ("on-2020-07-02-ferry.md", "", None),
    ],
)
def test_the_day_in_the_name_of_a_jekyll_post_comes_last(
    reader: Reader, path: str, front: str, published: datetime | None
) -> None:
    version = read(reader, f"---\ntitle: t\n{front}---\n<p>文。</p>", path).version
    assert (version.published, version.day_only) == (published, published is not None)
    assert ("date-missing" in [problem.code for problem in version.problems]) is (published is None)


def test_the_day_in_the_name_is_one_of_the_outlets_zone() -> None:
    reader = Reader((Profile(slug="river", name="r", domains=("river.example",), timezone="Asia/Taipei"),))
    text = "---\ntitle: t\nfrom: https://river.example/1\n---\n<p>文。</p>"
    loaded, told = traced(reader, text, "2020-07-02-ferry.md")
    assert loaded.version.published == at(2020, 7, 1, 16)
    assert ("published", "file name: 2020-07-02") in told.fields


def test_a_date_line_serves_where_there_is_no_comment(reader: Reader) -> None:
    text = "[t](https://e.example/)\n------\n\n日期：Sat, 27 Jun 2020 13:30:55 +0000\n<p>文。</p>"
    loaded = read(reader, text)
    assert loaded.version.published == at(2020, 6, 27, 13, 30, 55)
    assert loaded.body.text == "文。"


# Authors, lead, tags ----------------------------------------------------------------------------


def test_authors_by_rule_each_once_and_never_an_outlet(reader: Reader) -> None:
    loaded = read(reader, HEAD + '<b class="who">林河、陈望，河边报</b><p>文。（记者林河/A.C. 王）</p>')
    assert loaded.version.authors == ("林河", "陈望", "A.C. 王")
    assert loaded.body.text == "文。"


def test_without_rules_the_front_matters_author_unless_an_outlet(reader: Reader) -> None:
    front = "---\nauthor: {}\nfrom: https://other.example/\n---\n<p>文。</p>"
    assert read(reader, front.format("林河")).version.authors == ("林河",)
    assert read(reader, front.format("Riverside")).version.authors == ()


def test_lead_is_the_first_block_and_stays_in_the_text(reader: Reader) -> None:
    loaded = read(reader, HEAD + '<p class="lead"><b>渡船 停运。 </b></p><p>文。</p><p class="lead">尾。</p>')
    assert loaded.version.lead == "渡船 停运。"
    assert loaded.body.text == "渡船 停运。\n文。\n尾。"
    assert read(reader, HEAD + '<p>文。</p><p class="lead">尾。</p>').version.lead is None


def test_tags_and_related_links_are_kept_apart(reader: Reader) -> None:
    front = "---\ntags: [ 河边报, 渡口 ]\n---\n"
    body = '<p>去<a class="tag" href="/t/1">河</a>边，<a href="/news/3.html">看</a>。</p><div class="more">又见 <a href="/news/4.html">桥</a></div>'
    loaded = read(reader, front + HEAD + body)
    version = loaded.version
    assert version.tags == ("渡口", "河")
    assert version.related == (Link("https://river.example/news/4.html", "桥"),)
    assert version.links == ("https://river.example/news/3.html",)
    assert loaded.body.html == '<p>去河边，<a href="https://river.example/news/3.html">看</a>。</p>'


# Boilerplate ------------------------------------------------------------------------------------


def test_each_kind_of_strip_rule_cuts_its_part_and_names_it(reader: Reader) -> None:
    body = "<p>河边电 - 渡船停运。</p><p>订阅本报</p><p>桥明年通。（完）</p><p>====</p><p>尾巴</p>"
    loaded, told = traced(reader, HEAD + body)
    assert loaded.body.text == "渡船停运。\n桥明年通。"
    assert [(p.text, p.rule) for p in told.pieces if p.kind == "stripped"] == [
        ("河边电 - ", "dateline"),
        ("订阅本报", "promotion"),
        ("（完）", "end mark"),
        ("====", "tail"),
        ("尾巴", "tail"),
    ]
    assert "".join(p.text for p in told.pieces) == "河边电 - 渡船停运。订阅本报桥明年通。（完）====尾巴"


def test_the_feed_footer_goes_in_every_outlet(reader: Reader) -> None:
    footer = '<br><hr><div>获取更多RSS：<br><a href="https://feedx.net">https://feedx.net</a> <br><a href="https://feedx.xyz">https://feedx.xyz</a><br></div>'
    loaded = read(reader, HEAD + "<div><p>文。</p></div>" + footer)
    assert (loaded.body.text, loaded.body.html) == ("文。", "<p>文。</p>")


def test_the_sign_of_a_cut_is_found(reader: Reader) -> None:
    assert read(reader, HEAD + "<p>文。…更多</p>").version.truncated
    assert not read(reader, HEAD + "<p>文。</p>").version.truncated


def test_buttons_and_forms_are_no_text(reader: Reader) -> None:
    loaded, told = traced(
        reader, HEAD + "<p>文。</p><form><p>名<select><option>甲</select><button>继续</button></p></form>"
    )
    assert loaded.body.text == "文。\n名"
    assert [p.text for p in told.pieces if p.rule == "form"] == ["甲", "继续"]


# Pictures ---------------------------------------------------------------------------------------


def test_hero_caption_and_credit(reader: Reader) -> None:
    body = '<img src="https://images.weserv.nl/?url=river.example/a.jpg&amp;w=3"><div><small class="cap">渡口（林河摄）</small></div><p>文。</p>'
    loaded, told = traced(reader, HEAD + body)
    assert loaded.version.hero == Picture("https://river.example/a.jpg", "渡口", "林河摄")
    assert loaded.version.images == (loaded.version.hero,)
    assert loaded.body.html == "<p>文。</p>"
    assert [(p.kind, p.text) for p in told.pieces] == [
        ("caption", "渡口"),
        ("credit", "（林河摄）"),
        ("text", "文。"),
    ]


def test_a_picture_in_the_text_is_a_card_with_a_plain_link(reader: Reader) -> None:
    loaded = read(
        reader,
        HEAD
        + '<p>文。</p><figure><img data-src="/b c.jpg" src="data:image/gif;base64,R0"><figcaption>桥</figcaption></figure>',
    )
    assert loaded.version.hero is None
    assert loaded.body.html == (
        '<p>文。</p><figure class="picture"><a class="picture-link" href="https://river.example/b%20c.jpg">图片</a>'
        "<figcaption>桥</figcaption></figure>"
    )
    assert loaded.body.text == "文。"


def test_a_picture_in_a_sentence_does_not_break_it(reader: Reader) -> None:
    loaded = read(reader, HEAD + '<p>渡船<img src="/a.jpg">停运。</p><p>尾。</p>')
    assert loaded.body.text == "渡船停运。\n尾。"
    assert loaded.body.html.startswith("<p>渡船停运。</p><figure")


def test_placeholders_pixels_and_smileys_are_no_pictures(reader: Reader) -> None:
    body = '<img src="/logo.png"><img src="/p.gif" width=1 height=1><img class="wp-smiley" src="/s.png" alt="x"><img src=""><p>文。</p>'
    assert read(reader, HEAD + body).version.images == ()


def test_a_caption_without_its_picture_is_no_text_and_without_any_it_is(reader: Reader) -> None:
    lost = read(reader, HEAD + '<img src=""><small class="cap">渡口</small><p>文。</p>')
    assert lost.body.text == "文。"
    orphan = read(reader, HEAD + '<p>文。</p><div><small class="cap">渡口</small></div>')
    assert orphan.body.text == "文。\n渡口"


def test_pictures_beside_the_article_are_assets(reader: Reader) -> None:
    loaded = read(reader, '# 题\n\n![渡口](pics/a.jpg)\n\n文。\n\n![桥](../b.png "x")\n', "x/a.md")
    assert loaded.version.assets == ("pics/a.jpg", "../b.png")
    assert '<img src="../b.png" alt="桥">' in loaded.body.html


def test_lazy_twins_in_noscript_are_one_picture(reader: Reader) -> None:
    body = '<p>文。</p><img src="data:image/gif;base64,R0"><noscript><img src="https://river.example/a.jpg"></noscript><p>尾。</p>'
    assert [p.url for p in read(reader, HEAD + body).version.images] == ["https://river.example/a.jpg"]


def test_embeds_are_cards(reader: Reader) -> None:
    body = '<p>文。</p><iframe data-src="//www.youtube.com/embed/x"></iframe><video poster="/p.jpg"><source src="/v.mp4">no video</video>'
    loaded, told = traced(reader, HEAD + body)
    assert (
        '<p class="embed"><a href="https://www.youtube.com/embed/x">youtube.com</a></p>' in loaded.body.html
    )
    assert '<a href="https://river.example/v.mp4">' in loaded.body.html
    assert loaded.version.images == (Picture("https://river.example/p.jpg"),)
    assert [p.text for p in told.pieces if p.rule == "embed"] == ["no video"]


def test_the_hero_may_be_named_by_the_profile() -> None:
    rule = HeroRule(css="img.main", only_leading=False)
    reader = Reader((Profile(slug="r", name="r", domains=("river.example",), hero=rule),))
    loaded = read(reader, HEAD + '<img src="/a.jpg"><p>文。</p><img class="main" src="/b.jpg">')
    assert loaded.version.hero == Picture("https://river.example/b.jpg")
    assert "b.jpg" not in loaded.body.html


# Other shapes -----------------------------------------------------------------------------------


def test_a_whole_page_tells_its_fields_in_its_head(reader: Reader) -> None:
    page = """<!DOCTYPE html><html><head><title>渡船 - 站</title>
    <meta property="og:title" content="渡船停运"><link rel="canonical" href="https://other.example/a">
    <meta property="og:image" content="https://other.example/h.jpg">
    <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "author": {"name": "林河"},
      "datePublished": "2020-08-28T09:02:03+08:00"}]}</script></head>
    <body><nav>首页</nav><article><p>文。</p></article><div class="share">分享</div></body></html>"""
    loaded = read(reader, page, "a.html")
    version = loaded.version
    assert (version.title, version.link, version.authors) == (
        "渡船停运",
        "https://other.example/a",
        ("林河",),
    )
    assert version.published == at(2020, 8, 28, 1, 2, 3)
    assert version.hero == Picture("https://other.example/h.jpg")
    assert (loaded.body.text, version.problems) == ("文。", ())


def test_markdown_is_markdown(reader: Reader) -> None:
    loaded = read(
        reader,
        "# 题\n\n**文**。[链](https://e.example/)\n\n- 一\n- 二\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "a.md",
    )
    assert loaded.version.title == "题"
    assert loaded.body.html.startswith(
        '<p><strong>文</strong>。<a href="https://e.example/">链</a></p><ul><li>一</li>'
    )
    assert loaded.body.text == "文。链\n一\n二\na\nb\n1\n2"


def test_plain_text_has_paragraphs(reader: Reader) -> None:
    assert read(reader, "题一行\n\n文 <b>1</b>\n续。\n\n尾。", "a.txt").body.html == (
        "<p>题一行</p><p>文 &lt;b&gt;1&lt;/b&gt;<br>续。</p><p>尾。</p>"
    )


def test_glued_tags_and_surplus_end_tags_lose_no_text(reader: Reader) -> None:
    body = (
        '<div class="t"><divclass="ad"></div></div></div></div><p>文。</p><asidedata-x=""data-y="">旁</aside>'
    )
    assert read(reader, HEAD + body).body.text == "文。\n旁"


def test_template_syntax_is_text(reader: Reader) -> None:
    assert read(reader, HEAD + "<p>{{ scope.x }} {% if %}</p>").body.html == "<p>{{ scope.x }} {% if %}</p>"


@pytest.mark.parametrize("data", [b"\0\1\2binary", b"x" * 17_000_000])
def test_what_is_no_article_is_a_problem(reader: Reader, data: bytes) -> None:
    found = load(SourceFile("a.md", data), reader)
    assert not isinstance(found, Loaded)
    assert found.path == "a.md"


def test_tracing_changes_nothing(reader: Reader) -> None:
    text = HEAD + '<i class="when">2020-08-28 08:30</i><img src="/a.jpg"><p>河边电 - 文。（完）</p>'
    assert read(reader, text) == traced(reader, text)[0]


# Hooks ------------------------------------------------------------------------------------------


def hooked(tmp_path: Path, code: str) -> Reader:
    (tmp_path / "hooks.py").write_text(code, "utf-8")
    profile = Profile(slug="r", name="r", domains=("river.example",), hook="hooks.py:clean")
    return Reader((profile,), tmp_path)


def test_a_hook_is_given_a_tree_and_what_it_removes_is_told(tmp_path: Path) -> None:
    reader = hooked(
        tmp_path,
        "def clean(tree):\n    tree.find('p', class_='ad').decompose()\n    tree.find('b').name = 'i'\n",
    )
    loaded, told = traced(reader, HEAD + '<p>文。</p><p class="ad">广告</p><p><b>尾</b>。</p>')
    assert loaded.body.html == "<p>文。</p><p><em>尾</em>。</p>"
    assert [(p.kind, p.text, p.rule) for p in told.pieces] == [
        ("text", "文。", ""),
        ("stripped", "广告", "hook"),
        ("text", "尾。", ""),
    ]


@pytest.mark.parametrize(
    "code", ["def clean(tree):\n    raise KeyError('x')\n", "def other(tree): ...\n", "1/0\n"]
)
def test_a_broken_hook_is_reported_and_left_out(tmp_path: Path, code: str) -> None:
    loaded = read(hooked(tmp_path, code), HEAD + "<p>文。</p>")
    assert loaded.body.text == "文。"
    assert codes(loaded) == ["hook"]
    assert "hooks.py" in loaded.version.problems[0].message
    assert not (tmp_path / "__pycache__").exists()

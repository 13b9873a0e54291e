"""Curating in the preview: by keyboard in a real browser, and what it writes; who may and who may not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from previews import PATIENCE, Preview, kept, running, until
from sites import Site
from test_grouping_sites import BRIDGE, FERRY, files, write

from digest import cli

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

STRAY = (("voa", "果园丰收 苹果装满仓库", "北方果园今年丰收，苹果装满了仓库，果农忙着装箱。"),)
FERRY_ID, BRIDGE_ID, STRAY_ID = "voa-5000", "voa-5001", "voa-5900"
FERRY_URL = f"threads/{FERRY_ID}/index.html"
HELD = "https://www.voachinese.com/a/{}.html"


@pytest.fixture
def site(make_site: Callable[[str], Site]) -> Site:
    made = make_site("-- site.toml --\ntitle = '文摘'\n")
    write(made, files(FERRY, BRIDGE))
    path, text = files(STRAY)[0]
    made.write(path.replace("0.md", "900.md"), text.replace("5000", "5900"))
    return made


@pytest.fixture
def preview(site: Site) -> Iterator[Preview]:
    with running(kept(site.root)) as found:
        yield found


def written(site: Site) -> dict[str, str]:
    folder = site.root / "content/threads"
    return {path.name: path.read_bytes().decode() for path in sorted(folder.glob("*"))}


def token(preview: Preview) -> str:
    return preview.ask("/-/digest/about?path=/").json()["token"]


def post(preview: Preview, name: str, body: Any, **headers: str) -> Any:
    origin = f"http://127.0.0.1:{preview.port}"
    given = {
        "Content_Type": "application/json",
        "X_Digest_Token": token(preview),
        "Origin": origin,
        **headers,
    }
    return preview.ask(f"/-/digest/{name}", "POST", json.dumps(body), **given)


def edit(preview: Preview, action: str, **fields: Any) -> Any:
    return post(preview, "edits", {"ask": {"action": action, **fields}, "what": action})


# In the browser.


def open_story(page: Page, preview: Preview, path: str = FERRY_URL) -> Locator:
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(preview.url + path)
    bar = page.get_by_role("region", name="Curate")
    bar.wait_for()
    return bar


@pytest.mark.browser
def test_merge_undo_rename_and_pin_by_keyboard(page: Page, preview: Preview, site: Site) -> None:
    open_story(page, preview)
    press = page.keyboard.press
    reports = page.locator("main .m span").first

    press("m")
    page.get_by_role("dialog", name="Merge other stories into this one").wait_for()
    page.keyboard.type("吊桥")
    page.get_by_role("checkbox", name="山城吊桥塌落").wait_for()
    press("ArrowDown")
    press("Space")
    press("Enter")
    page.get_by_text("Merged:").wait_for()
    until(lambda: "6" in reports.inner_text())
    assert written(site) == {
        f"{FERRY_ID}.md": f"---\nid: {FERRY_ID}\nadopt: {HELD.format(5000)}  # 海港渡轮停航三天 居民绕路\n"
        f"merge:\n  - {HELD.format(5001)}  # 山城吊桥塌落 矿工被困\n---\n\n"
    }
    page.get_by_text("Merged: ").wait_for()  # still told after the page came anew

    page.get_by_role("region", name="Curate").wait_for()
    press("u")
    page.get_by_text("Undone: merged").wait_for()
    until(lambda: "3" in reports.inner_text())
    assert written(site) == {}

    page.get_by_role("button", name="Undo", disabled=True).wait_for()
    press("n")
    page.get_by_role("textbox", name="Title").wait_for()
    press("Control+a")
    page.keyboard.type("渡轮停航")
    press("Tab")
    page.keyboard.type("ferry")
    press("Enter")
    page.wait_for_url("**/threads/ferry/**")
    page.get_by_role("heading", name="渡轮停航").first.wait_for()
    named = (
        f"---\ntitle: 渡轮停航\nid: ferry\nadopt: {HELD.format(5000)}  # 海港渡轮停航三天 居民绕路\n---\n\n"
    )
    assert written(site) == {"ferry.md": named}

    page.get_by_role("region", name="Curate").wait_for()
    press("p")
    page.get_by_role("group", name="Articles").first.wait_for()
    press("Space")
    press("Enter")
    page.get_by_text("Pinned:").wait_for()
    pinned = named.replace("---\n\n", f"pin:\n  - {HELD.format(5000)}  # 海港渡轮停航三天 居民绕路\n---\n\n")
    assert written(site) == {"ferry.md": pinned}
    page.get_by_text("Changes").click()
    page.get_by_text("+pin:").wait_for()
    page.locator("main .key").first.wait_for()


@pytest.mark.browser
def test_an_articles_bar_pins_moves_and_takes_out(page: Page, preview: Preview, site: Site) -> None:
    story = f"{BRIDGE_ID}.md"
    open_story(page, preview, f"2023/11/10/{BRIDGE_ID}.html")
    page.keyboard.press("p")
    page.get_by_text("Pinned:").wait_for()
    assert "pin:\n" in written(site)[story]
    open_story(page, preview, f"2023/11/10/{STRAY_ID}.html")
    bar = page.get_by_role("region", name="Curate")
    until(lambda: bar.get_by_role("button", name="Merge").is_disabled())
    page.keyboard.press("v")
    page.get_by_role("dialog", name="Move this article to another story").wait_for()
    page.keyboard.type("吊桥")
    page.get_by_role("radio", name="山城吊桥塌落").wait_for()
    until(lambda: page.get_by_role("radio").count() == 1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("Moved:").wait_for()
    until(lambda: f"include:\n  - {HELD.format(5900)}" in written(site)[story])
    until(lambda: bar.get_by_role("button", name="Merge").is_enabled())
    page.keyboard.press("x")
    page.get_by_text("Taken out:").wait_for()
    assert "include" not in written(site)[story]


@pytest.mark.browser
def test_a_note_is_written_and_kept_while_the_site_changes(page: Page, preview: Preview, site: Site) -> None:
    open_story(page, preview)
    page.keyboard.press("t")
    area = page.get_by_role("textbox", name="Note")
    area.wait_for()
    page.keyboard.type("渡轮是海港的**命脉**。")
    site.edit("site.toml", "文摘", "新文摘")
    until(lambda: "新文摘" in preview.ask("/").text)
    page.wait_for_timeout(300)
    assert area.input_value() == "渡轮是海港的**命脉**。"  # what is being written stays
    page.keyboard.press("Control+Enter")
    page.locator("main strong", has_text="命脉").wait_for()
    page.locator("body > header", has_text="新文摘").wait_for()
    assert written(site)[f"{FERRY_ID}.md"].endswith("\n---\n\n渡轮是海港的**命脉**。\n")


@pytest.mark.browser
def test_a_refusal_is_told_in_the_dialog(page: Page, preview: Preview) -> None:
    open_story(page, preview)
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox").first.wait_for()
    page.keyboard.press("Enter")
    dialog.get_by_text("choose an article first").wait_for()
    for box in dialog.get_by_role("group", name="Articles").get_by_role("checkbox").all():
        box.check()
    dialog.get_by_role("button", name="Split").click()
    dialog.get_by_text("these are all articles").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")


@pytest.mark.browser
def test_keys_mean_nothing_while_something_is_written(page: Page, preview: Preview) -> None:
    bar = open_story(page, preview)
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), {id: 'i'}))")
    page.locator("#i").click()
    page.keyboard.type("nm?")
    assert page.get_by_role("dialog").count() == 0
    page.locator("#i").blur()
    page.keyboard.press("Control+h")
    assert page.get_by_role("dialog").count() == 0
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.get_by_role("checkbox", name="Single keys work on this site").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    assert page.get_by_role("dialog").count() == 0
    bar.get_by_role("button", name="Merge").click()
    page.get_by_role("dialog", name="Merge other stories into this one").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_on_a_phone(chromium: Browser, preview: Preview, scheme: Any) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, color_scheme=scheme, has_touch=True
    )
    page = context.new_page()
    bar = open_story(page, preview)
    assert bar.get_by_role("button").count() == 1
    bar.get_by_role("button", name="Curate").tap()
    for name in (
        "Name",
        "Merge",
        "Split",
        "Move",
        "Pin",
        "Take out",
        "Hide",
        "Note",
        "Undo",
        "Queue",
        "Keys",
    ):
        assert bar.get_by_role("button", name=name, exact=True).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in bar.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert contrast(bar.get_by_role("button", name="Name")) >= 4.5
    bar.get_by_role("button", name="Merge").tap()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    # The foot of the page can be scrolled above the bar.
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    foot, top = page.locator("body > footer").bounding_box(), bar.bounding_box()
    assert foot is not None
    assert top is not None
    assert foot["y"] + foot["height"] <= top["y"] + 1
    context.close()


def contrast(element: Locator) -> float:
    """The WCAG contrast of an element's text on the bar's paper."""
    from test_theme_browser import luminance

    ink = element.evaluate("e => getComputedStyle(e).color")
    paper = element.evaluate("e => getComputedStyle(e.closest('.bench')).backgroundColor")
    light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.browser
def test_the_queue_by_keyboard(
    page: Page, preview: Preview, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.curation.suggestions._LARGE", 3)
    page.goto(preview.url + "-/digest/queue")
    rows = page.get_by_role("listitem")
    rows.first.wait_for()
    assert rows.count() == 2
    first, second = (row.inner_text().split("\n")[0] for row in rows.all())
    press = page.keyboard.press
    press("j")
    until(lambda: page.evaluate("document.activeElement.innerText").startswith(second))
    press("x")
    until(lambda: rows.count() == 1)
    press("a")
    title = page.get_by_role("textbox", name="Title")
    title.wait_for()
    assert title.input_value() == first
    page.keyboard.type("有了名字")
    press("Enter")
    page.get_by_text("Named:").wait_for()
    assert [text.partition("\nid")[0] for text in written(site).values()] == ["---\ntitle: 有了名字"]
    assert rows.count() == 0
    press("u")
    page.get_by_text("Undone: named").wait_for()
    assert written(site) == {}
    assert rows.count() == 1
    page.reload()
    rows.first.wait_for()
    assert rows.count() == 1  # what was put aside stays there
    page.get_by_role("button", name="Show what was put aside").click()
    until(lambda: rows.count() == 2)
    press("?")
    page.get_by_role("dialog", name="Keys").wait_for()


# Over HTTP.

ASKS: list[tuple[dict[str, Any], list[str]]] = [
    ({"action": "name", "story": FERRY_ID, "title": " 渡轮\n停航 ", "slug": "ferry"},
     ["adopt", FERRY_ID, "--title", "渡轮 停航", "--as", "ferry"]),
    ({"action": "merge", "story": FERRY_ID, "others": [BRIDGE_ID]}, ["merge", FERRY_ID, BRIDGE_ID]),
    ({"action": "split", "story": FERRY_ID, "articles": [FERRY_ID], "title": "一篇", "slug": "one"},
     ["split", FERRY_ID, FERRY_ID, "--title", "一篇", "--as", "one"]),
    ({"action": "move", "articles": [STRAY_ID], "to": FERRY_ID}, ["move", STRAY_ID, "--to", FERRY_ID]),
    ({"action": "exclude", "articles": [FERRY_ID]}, ["exclude", FERRY_ID]),
    ({"action": "pin", "articles": [FERRY_ID], "story": FERRY_ID}, ["pin", FERRY_ID, "--of", FERRY_ID]),
    ({"action": "hide", "story": FERRY_ID}, ["hide", FERRY_ID]),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "command"), ASKS, ids=[ask["action"] for ask, _ in ASKS])
def test_a_button_writes_what_the_command_writes(
    preview: Preview, site: Site, tmp_path: Path, ask: dict[str, Any], command: list[str]
) -> None:
    other = Site(shutil.copytree(site.root, tmp_path / "other"))
    assert cli._run(["threads", *command, "--site", str(other.root), "--workers", "1"]) == 0
    done = post(preview, "edits", {"ask": ask})
    assert done.status == 200
    assert written(site) == written(other)
    assert written(site)
    assert len(done.json()["files"]) == len(written(site))
    assert post(preview, "undo", {}).status == 200
    assert written(site) == {}


def test_edits_are_undone_one_by_one_to_the_byte(preview: Preview, site: Site) -> None:
    text = f"---\r\n# 编者\r\nadopt: {FERRY_ID}\r\ntitle:   '旧'\r\n---\r\n\r\n引言。"
    site.write("content/threads/ferry.md", text)
    until(lambda: preview.ask("/threads/ferry/").status == 200)
    done = edit(preview, "name", story="ferry", title="新").json()
    changed = [line for line in done["diff"].splitlines() if line.startswith(("+t", "-t"))]
    assert changed == ["-title:   '旧'", "+title:   新"]
    assert edit(preview, "note", story="ferry", text="另一段。\n\n还有。").json()["undo"] == "note"
    assert written(site)["ferry.md"].endswith("---\r\n\r\n另一段。\r\n\r\n还有。\r\n")
    assert preview.ask("/-/digest/note?story=ferry").json() == "另一段。\n\n还有。"
    assert edit(preview, "merge", story="ferry", others=[BRIDGE_ID]).status == 200
    for _ in range(3):
        assert post(preview, "undo", {}).status == 200
    assert written(site) == {"ferry.md": text}
    refused = post(preview, "undo", {})
    assert (refused.status, refused.json()["error"]) == (409, "there is nothing to undo")


def test_an_edit_knows_of_the_one_before(preview: Preview, site: Site) -> None:
    assert edit(preview, "name", story=FERRY_ID, title="渡轮", slug="ferry").status == 200
    assert edit(preview, "pin", articles=[FERRY_ID], story="ferry").status == 200
    assert edit(preview, "merge", story="ferry", others=[BRIDGE_ID]).status == 200
    assert [line.split(":")[0] for line in written(site)["ferry.md"].splitlines() if ":" in line[:6]] == [
        "title", "id", "adopt", "pin", "merge",
    ]  # fmt: skip


def test_what_was_edited_by_hand_since_is_not_undone(preview: Preview, site: Site) -> None:
    assert edit(preview, "hide", story=FERRY_ID).status == 200
    by_hand = written(site)[f"{FERRY_ID}.md"] + "我的话。\n"
    site.write(f"content/threads/{FERRY_ID}.md", by_hand)
    refused = post(preview, "undo", {})
    assert refused.status == 409
    assert "has been changed meanwhile" in refused.json()["error"]
    assert written(site) == {f"{FERRY_ID}.md": by_hand}


def test_what_is_said_already_is_no_edit(preview: Preview) -> None:
    assert edit(preview, "hide", story=FERRY_ID).json()["files"]
    again = edit(preview, "hide", story=FERRY_ID).json()
    assert (again["files"], again["diff"], again["undo"]) == ([], "", "hide")


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"X_Digest_Token": "guessed"}, 403), ({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403),
     ({"Content_Type": "text/plain"}, 415), ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
     ({"Host": "evil.example"}, 403), ({"Host": "localhost:1"}, 403)],
)  # fmt: skip
def test_other_sites_cannot_write(preview: Preview, site: Site, headers: dict[str, str], status: int) -> None:
    body = {"ask": {"action": "hide", "story": FERRY_ID}}
    assert post(preview, "edits", body, **headers).status == status
    assert post(preview, "undo", {}, **headers).status == status
    assert written(site) == {}


def test_other_sites_cannot_read_the_token(preview: Preview) -> None:
    for relation in ("cross-site", "same-site"):
        assert preview.ask("/-/digest/about?path=/", Sec_Fetch_Site=relation).status == 403
    answer = preview.ask(
        "/-/digest/about?path=/", Sec_Fetch_Site="same-origin", Origin="https://evil.example"
    )
    assert answer.headers["Access-Control-Allow-Origin"] is None
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert preview.ask("/").headers["X-Frame-Options"] == "SAMEORIGIN"
    assert (
        token(preview) not in preview.ask("/-/digest/live.js").text + preview.ask("/-/digest/bench.js").text
    )


@pytest.mark.parametrize(
    "body",
    ["", "[]", '{"ask": {"action": "erase", "story": "x"}}', '{"ask": {"action": "hide"}}',
     '{"ask": {"action": "hide", "story": "x", "path": "/etc/passwd"}}', '{"ask": {"action": "hide", "story": 1}}'],
)  # fmt: skip
def test_what_is_not_understood_is_refused(preview: Preview, body: str) -> None:
    given = {
        "Content_Type": "application/json",
        "X_Digest_Token": token(preview),
        "Origin": f"http://127.0.0.1:{preview.port}",
    }
    answer = preview.ask("/-/digest/edits", "POST", body, **given)
    assert answer.status == 400
    assert "not understood" in answer.json()["error"]
    large = preview.ask("/-/digest/edits", "POST", " " * 1_000_001, **given)
    assert large.status == 413


@pytest.mark.parametrize(
    ("ask", "said"),
    [({"action": "hide", "story": "voa-1"}, "is no story and no article here"),
     ({"action": "name", "story": FERRY_ID, "title": "x", "slug": "../x"}, "expected lower-case letters"),
     ({"action": "merge", "story": STRAY_ID, "others": [STRAY_ID, "x"]}, "is no story")],
)  # fmt: skip
def test_what_cannot_be_done_is_told_and_writes_nothing(
    preview: Preview, site: Site, ask: dict[str, Any], said: str
) -> None:
    answer = post(preview, "edits", {"ask": ask})
    assert answer.status == 409
    assert said in answer.json()["error"]
    assert not (site.root / "content/threads").exists()


def test_what_a_page_is_about(preview: Preview) -> None:
    about = preview.ask(f"/-/digest/about?path=/threads/{FERRY_ID}/").json()
    assert about["article"] is None
    assert about["story"]["reports"] == len(about["members"]) == 3
    article = preview.ask(f"/-/digest/about?path=/2023/11/10/{FERRY_ID}.html").json()
    assert article["article"]["id"] == article["story"]["id"] == FERRY_ID
    for path in ("/", "/threads/", "/../x", "/threads/nothing/", "/sources/voa/"):
        other = preview.ask(f"/-/digest/about?path={path}").json()
        assert (other["article"], other["story"]) == (None, None)
    found = preview.ask("/-/digest/stories?words=%E5%90%8A%E6%A9%8B").json()  # in the other script
    assert [story["id"] for story in found] == [BRIDGE_ID]


def test_nothing_of_the_preview_is_in_the_output(preview: Preview, site: Site) -> None:
    assert b"/-/digest" in preview.ask("/").body
    assert not site.output.exists()
    site.build()
    assert [path for path, data in site.tree().items() if b"/-/digest" in data] == []

"""The preview over HTTP: what the server answers, to whom, and what it says on the terminal."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st
from previews import Memory, Preview, kept, running, until
from sites import Site

from digest import cli
from digest import serve as serving
from digest.errors import ConfigError, DigestError, Location, Problem, RenderError
from digest.serve import Rebuilt, Where, serve
from digest.serve.addresses import is_known_host, is_loopback, media_type, path_in_site
from digest.serve.html import loosen, prepare
from digest.serve.server import listen

FILES: dict[str, bytes | Path] = {
    "/index.html": b"<!doctype html><title>t</title><link rel=stylesheet href=style.css><p>home",
    "/404.html": b"<!doctype html><p>not here",
    "/\u65b0\u95fb/index.html": "<p>新闻".encode(),
    "/\u65b0\u95fb/a b.xml": b"<feed/>",
    "/style.css": b"p { color: red }",
    "/film.mp4": bytes(range(100)),
}


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with running(Memory(tmp_path, dict(FILES))) as found:
        yield found


def test_pages_come_with_their_type_and_the_script(preview: Preview) -> None:
    home = preview.ask("/")
    assert home.status == 200
    assert home.text.startswith(FILES["/index.html"].decode())
    assert '<script src="/-/digest/live.js"' in home.text
    assert home.headers["Content-Type"] == "text/html; charset=utf-8"
    feed = preview.ask("/" + quote("新闻/a b.xml") + "?x=1")
    assert (feed.status, feed.text) == (200, "<feed/>")
    assert feed.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert preview.ask("/-/digest/live.js").headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert preview.ask("/-/digest/other.js").status == 404


def test_folders_need_their_slash(preview: Preview) -> None:
    assert preview.ask("/" + quote("新闻/")).text.startswith("<p>新闻")
    moved = preview.ask("/" + quote("新闻") + "?q=%3F")
    assert (moved.status, moved.headers["Location"]) == (302, "/" + quote("新闻/") + "?q=%3F")


@pytest.mark.parametrize("path", ["/", "/style.css", "/no", "/film.mp4"])
def test_head_has_the_headers_of_get_only(preview: Preview, path: str) -> None:
    head, get = preview.ask(path, "HEAD"), preview.ask(path)
    assert (head.status, head.body) == (get.status, b"")
    assert head.headers["Content-Length"] == str(len(get.body))
    assert head.headers["ETag"] == get.headers["ETag"]


@pytest.mark.parametrize("kept", ["in memory", "on disk"])
def test_ranges(preview: Preview, tmp_path: Path, kept: str) -> None:
    if kept == "on disk":
        (tmp_path / "film.mp4").write_bytes(bytes(range(100)))
        preview.site.files["/film.mp4"] = tmp_path / "film.mp4"  # type: ignore[attr-defined]
    whole = preview.ask("/film.mp4")
    assert (whole.headers["Accept-Ranges"], len(whole.body)) == ("bytes", 100)
    for asked, said, length in (
        ("10-19", "10-19", 10),
        ("90-", "90-99", 10),
        ("-5", "95-99", 5),
        ("95-200", "95-99", 5),
    ):
        part = preview.ask("/film.mp4", Range=f"bytes={asked}")
        assert (part.status, part.headers["Content-Range"]) == (206, f"bytes {said}/100")
        assert part.body == whole.body[int(said.split("-")[0]) :][:length]
        assert preview.ask("/film.mp4", "HEAD", Range=f"bytes={asked}").status == 206
    beyond = preview.ask("/film.mp4", Range="bytes=100-")
    assert (beyond.status, beyond.headers["Content-Range"]) == (416, "bytes */100")
    stale = preview.ask("/film.mp4", Range="bytes=0-1", If_Range='"another"')
    assert (stale.status, len(stale.body)) == (200, 100)


@pytest.mark.parametrize("path", ["/", "/style.css"])
def test_what_is_known_is_not_sent_again(preview: Preview, path: str) -> None:
    first = preview.ask(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = preview.ask(path, If_None_Match=f'W/"x", {first.headers["ETag"]}')
    assert (again.status, again.body) == (304, b"")
    preview.site.files["/style.css"] = b"p { color: green }"  # type: ignore[attr-defined]
    change(preview)
    assert preview.ask(path, If_None_Match=first.headers["ETag"]).status == 200


def change(preview: Preview) -> None:
    """Asks for a build by a change on disk, and waits for it."""
    site = preview.site
    assert isinstance(site, Memory)
    before = len(preview.messages)
    Path(site.config.content[0], f"{len(site.changes)}.md").write_text("x", "utf-8")
    until(lambda: len(preview.messages) > before)


def test_the_sites_own_404_page_is_shown(preview: Preview) -> None:
    missing = preview.ask("/no/such/page.html")
    assert missing.status == 404
    assert missing.text.startswith("<!doctype html><p>not here<script")
    del preview.site.files["/404.html"]  # type: ignore[attr-defined]
    assert "404: nothing here" in preview.ask("/no").text
    assert preview.ask("/", "POST").status == 405


def test_the_site_lies_under_its_base_path(tmp_path: Path) -> None:
    with running(Memory(tmp_path, dict(FILES), base_path="/文摘/")) as preview:
        base = quote("/文摘/")
        assert preview.url.endswith(base)
        for path in ("/", base[:-1]):
            answer = preview.ask(path)
            assert (answer.status, answer.headers["Location"]) == (302, base)
        assert "home" in preview.ask(base).text
        assert preview.ask("/index.html").status == 404


OUTSIDE = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/secret.txt", "/%00", "/..%5csecret.txt",
           "//secret.txt", "/新闻//index.html", "/./index.html", "/" + "长" * 200, "/%ff.html", "/site.toml",
           "/content/pages/about.md", "/.digest/", "/folder/secret.txt", "/assets/../../secret.txt"]  # fmt: skip


def test_nothing_outside_the_site_is_shown(make_site) -> None:
    site: Site = make_site("-- content/pages/about.md --\n# 关于\n-- static/own.txt --\nown\n")
    site.write("secret.txt", "secret")
    (site.root / "static/folder").symlink_to(site.root)
    with running(kept(site.root)) as preview:
        assert preview.ask("/about.html").status == 200
        assert preview.ask("/own.txt").text == "own\n"
        for path in OUTSIDE:
            answer = preview.ask(quote(path, safe="/%"))
            assert answer.status == 404, path
            assert b"secret" not in answer.body.partition(b"<script")[0], path
        assert not site.output.exists()


@given(st.text("./\\\0%a文?#", max_size=12))
def test_a_path_in_the_site_is_plain(text: str) -> None:
    path = path_in_site("/" + text, "/")
    if path is not None:
        assert path.startswith("/")
        assert not {"", ".", ".."} & set(path[1:].split("/"))
        assert os.path.normpath(path) == path


def test_paths_of_other_bases_are_refused() -> None:
    assert path_in_site("/index.html", "/a/") is None
    assert path_in_site("/a/b/", "/a/") == "/b/index.html"


def test_types_do_not_depend_on_the_machine() -> None:
    assert media_type("A.JPG") == "image/jpeg"
    assert media_type("/x/feeds.opml") == "text/x-opml; charset=utf-8"
    assert media_type("CNAME") == "application/octet-stream"


@pytest.mark.parametrize(
    ("header", "known"),
    [("localhost:8000", True), ("127.0.0.1", True), ("[::1]:8000", True), ("192.168.1.7:8000", True),
     ("site.localhost", True), ("LOCALHOST.:80", True), ("mine.example:80", True), ("evil.example", False),
     ("localhost.evil.example", False), ("127.0.0.1.evil.example", False), ("", False), ("[", False)],
)  # fmt: skip
def test_only_names_of_this_server_are_answered(header: str, known: bool) -> None:
    assert is_known_host(header, {"mine.example"}) is known


def test_a_rebound_name_is_refused(tmp_path: Path) -> None:
    with running(Memory(tmp_path, dict(FILES)), names=("mine.example",)) as preview:
        refused = preview.ask("/", Host="evil.example")
        assert refused.status == 403
        assert "--allow-host" in refused.text
        assert preview.ask("/-/digest/about", Host="evil.example").status == 403
        assert preview.ask("/", Host="mine.example:8000").status == 200


def test_loopback() -> None:
    assert is_loopback("127.0.0.9")
    assert is_loopback("::1")
    assert not is_loopback("192.168.1.7")
    assert not is_loopback("localhost.example")


def test_a_taken_port_is_one_line_that_names_a_free_one() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DigestError) as caught:
            listen("127.0.0.1", port)
        said = str(caught.value)
        assert said.startswith(f"cannot serve on 127.0.0.1 port {port}: address already in use (")
        assert "\n" not in said
        with listen("127.0.0.1", int(said.partition("--port ")[2].rstrip(")"))) as free:
            assert free.getsockname()[1] > port


def test_the_command_tells_of_a_taken_port(make_site, capfd: pytest.CaptureFixture[str]) -> None:
    site: Site = make_site()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = cli._run(["serve", "--site", str(site.root), "--port", str(port)])
    assert code == 2
    err = capfd.readouterr().err
    assert err.count("\n") == 1
    assert f"port {port}" in err


def test_the_command_from_start_to_interrupt(make_site) -> None:
    site: Site = make_site("-- content/pages/about.md --\n# 关于\n")
    command = [sys.executable, "-m", "digest", "serve", "--site", str(site.root), "--port", "0"]
    # A shell that starts the tests in the background has them, and what they start, ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        signal.signal(signal.SIGINT, before)
        assert process.stdout is not None
        url = process.stdout.readline().split()[2]
        with urlopen(url + "about.html") as page, urlopen(url + "-/digest/events") as events:
            assert b"live.js" in page.read()
            events.readline()
            process.send_signal(signal.SIGINT)  # while a page listens
            out, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (0, "")
    assert "Traceback" not in out


def test_a_first_configuration_at_fault_ends_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        kept(tmp_path / "nowhere")


def test_everything_waits_for_the_first_build(tmp_path: Path) -> None:
    may_go = threading.Event()

    class Slow(Memory):
        def rebuild(self, changed: frozenset[str]) -> Rebuilt:
            may_go.wait(10)
            return super().rebuild(changed)

    site, stop, said = Slow(tmp_path, dict(FILES)), threading.Event(), []
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    thread = threading.Thread(
        target=serve, args=(site, Where(port=port)), kwargs={"on_message": said.append, "stop": stop}
    )
    thread.start()
    asking = Preview(site, Where())
    asking.url = f"http://127.0.0.1:{port}/"
    answers: list[int] = []
    client = threading.Thread(target=lambda: answers.append(asking.ask("/").status))
    until(lambda: _answers(port))
    client.start()
    client.join(0.2)
    assert (answers, said) == ([], [])
    may_go.set()
    client.join(10)
    assert answers == [200]
    stop.set()
    thread.join(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# What is told.


def test_a_failing_build_is_told_and_leaves_the_last_good_site(preview: Preview) -> None:
    good = preview.ask("/").body
    preview.site.failure = RenderError("no filter named 'nope'", Location("templates/home.html", 7))  # type: ignore[attr-defined]
    change(preview)
    assert "templates/home.html:7: no filter named 'nope'" in preview.said
    assert preview.ask("/").body == good
    preview.site.failure = ValueError("a bug")  # type: ignore[attr-defined]
    change(preview)
    assert "Traceback" in preview.said
    preview.site.failure = None  # type: ignore[attr-defined]
    preview.site.files["/index.html"] = b"mended"  # type: ignore[attr-defined]
    change(preview)
    assert "built again in" in preview.messages[-1]
    assert preview.ask("/").text.startswith("mended")


def test_a_page_that_cannot_be_rendered_is_shown_as_it_last_could(preview: Preview) -> None:
    good = preview.ask("/").body
    site = preview.site
    assert isinstance(site, Memory)
    site.broken = {path: RenderError("no test named 'nope'", Location("t.html", 3)) for path in site.files}
    change(preview)
    assert preview.ask("/").body == good
    assert preview.ask("/").status == 200
    assert preview.said.count("t.html:3: no test named 'nope'") == 1
    never = preview.ask("/" + quote("新闻/"))
    assert never.status == 500
    assert "t.html:3: no test named" in never.text
    assert preview.ask("/film.mp4").status == 500
    site.broken = {}
    change(preview)
    assert preview.ask("/" + quote("新闻/")).status == 200


def test_problems_are_told_once(tmp_path: Path) -> None:
    class Poor(Memory):
        def rebuild(self, changed: frozenset[str]) -> Rebuilt:
            super().rebuild(changed)
            problems = [
                Problem("date-missing", f"no date {n}", "a.md") for n in range(25 + len(self.changes))
            ]
            return Rebuilt(tuple(problems), "1 page of 9")

    with running(Poor(tmp_path, dict(FILES))) as preview:
        assert preview.messages[0].count("\n") == 20
        assert "and 6 more" in preview.messages[0]
        change(preview)
        until(lambda: "built again" in preview.messages[-1])
        assert preview.messages[-2] == "a.md: no date 26 [date-missing]"
        assert preview.messages[-1].endswith(" s: 1 page of 9")


def test_what_was_put_off_is_done_when_nothing_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lazy(Memory):
        def rebuild(self, changed: frozenset[str]) -> Rebuilt:
            super().rebuild(changed)
            return Rebuilt(more=bool(changed))

    monkeypatch.setattr(serving, "REST_SECONDS", 0.2)
    site = Lazy(tmp_path, dict(FILES))
    with running(site) as preview:
        until(lambda: len(site.changes) == 2)
        assert site.changes[1] == frozenset()
        change(preview)
        until(lambda: len(site.changes) == 4)
        time.sleep(0.5)
        assert [bool(changed) for changed in site.changes] == [True, False, True, False]


def test_the_configuration_is_read_again(make_site) -> None:
    site: Site = make_site('-- site.toml --\ntitle = "一"\n-- texts/pages/about.md --\n# 关于\n')
    with running(kept(site.root)) as preview:
        assert "<title>一" in preview.ask("/").text
        site.write("site.toml", 'titel = "二"')
        until(lambda: "did you mean 'title'?" in preview.said)
        assert "<title>一" in preview.ask("/").text
        site.write("site.toml", 'title = "二"\ncontent = "texts"')
        until(lambda: "<title>二" in preview.ask("/").text)
        assert preview.ask("/about.html").status == 200
        site.write("texts/pages/other.md", "# 另一页")
        until(lambda: preview.ask("/other.html").status == 200)
        site.write("content/pages/third.md", "# 无人看")
        time.sleep(0.5)
        assert preview.ask("/third.html").status == 404


# What a page is known by.


def test_a_page_is_known_by_all_it_shows() -> None:
    files = {"/style.css": b"@import 'more.css';", "/more.css": b"a", "/a.png": b"1"}
    html = b"<link rel=stylesheet href='style.css?x'><img src=a.png><img src=https://other.example/b.png>"
    first = prepare(html, "/index.html", files.get)
    assert first.sheets[0].startswith("style.css?")

    def differs(**changed: bytes) -> tuple[bool, bool]:
        named = {f"/{name.replace('_', '.')}": data for name, data in changed.items()}
        other = prepare(html, "/index.html", {**files, **named}.get)
        return other.state != first.state, other.style != first.style

    assert differs() == (False, False)
    assert differs(a_png=b"2") == (True, False)
    assert differs(style_css=b"@import 'more.css'; b") == (False, True)
    assert differs(more_css=b"b") == (False, True)
    assert prepare(html, "/index.html", files.get, 404).state != first.state
    assert prepare(html + b"!", "/index.html", files.get).state != first.state
    # A sheet whose name holds its digest is the same sheet.
    assert prepare(html.replace(b"style.css", b"style.1f.css"), "/index.html", files.get).state == first.state


@pytest.mark.parametrize(
    ("policy", "served"),
    [
        ("default-src 'self' file:", "default-src 'self' file:"),
        ("default-src 'none'; style-src 'self'",
         "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"),
        ("default-src 'none'; script-src 'sha256-x'; connect-src 'none'; style-src-elem 'none'; img-src data:",
         ("default-src 'none'; script-src 'sha256-x' 'self'; connect-src 'self'; style-src-elem 'self'; "
          "img-src data:; style-src 'self'")),
        ("img-src data:", "img-src data:"),
    ],
)  # fmt: skip
def test_a_strict_policy_lets_the_preview_through_and_nothing_else(policy: str, served: str) -> None:
    assert loosen(policy) == served
    page = f'<meta http-equiv="Content-Security-Policy" content="{policy}"><p>x'.encode()
    assert f'content="{served}"' in prepare(page, "/", lambda _: None).body.decode().replace("&#x27;", "'")


def test_the_script_knows_its_page_by_a_path_with_quotes() -> None:
    page = prepare(b"<p>", '/a"b<c>.html', lambda _: None)
    assert b'data-path="/a&quot;b&lt;c&gt;.html"' in page.body

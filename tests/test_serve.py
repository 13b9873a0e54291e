"""The preview: what the server answers, and that changes lead to one build."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest

from digest.config import SiteConfig, load_config
from digest.errors import DigestError, RenderError
from digest.serve import serve, watch
from digest.serve.http import Served, SiteServer, content_type, find_file


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "public"
    (folder / "新闻").mkdir(parents=True)
    (folder / "index.html").write_text("home", "utf-8")
    (folder / "404.html").write_text("not here", "utf-8")
    (folder / "新闻" / "index.html").write_text("news", "utf-8")
    (folder / "新闻" / "a b.xml").write_text("<feed/>", "utf-8")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    return folder


class Answer:
    def __init__(self, response: HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()


@contextmanager
def running(served: Served) -> Iterator[Callable[..., Answer]]:
    with SiteServer("127.0.0.1", 0, served) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()

        def ask(path: str, method: str = "GET") -> Answer:
            connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
            try:
                connection.request(method, path)
                return Answer(connection.getresponse())
            finally:
                connection.close()

        try:
            yield ask
        finally:
            server.shutdown()
            thread.join()


def test_pages_come_with_their_type(output: Path) -> None:
    with running(Served(output, "/")) as ask:
        home = ask("/")
        assert (home.status, home.text) == (200, "home")
        assert home.headers["Content-Type"] == "text/html; charset=utf-8"
        assert home.headers["Cache-Control"] == "no-store"
        feed = ask("/" + quote("新闻/a b.xml") + "?x=1")
        assert (feed.status, feed.text) == (200, "<feed/>")
        assert feed.headers["Content-Type"] == "application/xml; charset=utf-8"


def test_folders_need_their_slash(output: Path) -> None:
    with running(Served(output, "/")) as ask:
        assert ask("/" + quote("新闻/")).text == "news"
        moved = ask("/" + quote("新闻") + "?q=%3F")
        assert (moved.status, moved.headers["Location"]) == (301, "/" + quote("新闻/") + "?q=%3F")


def test_head_has_the_headers_only(output: Path) -> None:
    with running(Served(output, "/")) as ask:
        head = ask("/", "HEAD")
        assert (head.status, head.text, head.headers["Content-Length"]) == (200, "", "4")
        assert ask("/no", "HEAD").status == 404


def test_a_connection_is_used_again(output: Path) -> None:
    with SiteServer("127.0.0.1", 0, Served(output, "/")) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
        found = []
        for method, path in (("HEAD", "/"), ("HEAD", "/no"), ("GET", "/" + quote("新闻")), ("GET", "/")):
            connection.request(method, path)
            found.append(Answer(connection.getresponse()).status)
        connection.close()
        server.shutdown()
        thread.join()
    assert found == [200, 404, 301, 200]


def test_the_sites_own_404_page_is_shown(output: Path) -> None:
    with running(Served(output, "/")) as ask:
        missing = ask("/no/such/page.html")
        assert (missing.status, missing.text) == (404, "not here")
        (output / "404.html").unlink()
        assert ask("/no").headers["Content-Type"] == "text/plain; charset=utf-8"
        assert ask("/", "POST").status == 501


def test_the_site_lies_under_its_base_path(output: Path) -> None:
    with running(Served(output, "/文摘/")) as ask:
        base = quote("/文摘/")
        assert [(a.status, a.headers["Location"]) for a in (ask("/"), ask(base[:-1]))] == [(302, base)] * 2
        assert ask(base).text == "home"
        assert ask("/index.html").status == 404


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/link.txt", "/%00", "/..%5csecret.txt",
     "//secret.txt", "/新闻//index.html", "/./index.html", "/" + "长" * 200],
)  # fmt: skip
def test_nothing_outside_is_shown(output: Path, path: str) -> None:
    (output / "link.txt").symlink_to(output.parent / "secret.txt")
    with running(Served(output, "/")) as ask:
        answer = ask(quote(path, safe="/%"))
        assert (answer.status, answer.text) == (404, "not here")


def test_find_file_refuses_other_bases(output: Path) -> None:
    assert find_file(Served(output, "/a/"), "/index.html") is None
    assert find_file(Served(output, "/a/"), "/a/index.html") == output / "index.html"


def test_types_do_not_depend_on_the_machine() -> None:
    assert content_type("A.JPG") == "image/jpeg"
    assert content_type("feeds.opml") == "text/x-opml; charset=utf-8"
    assert content_type("CNAME") == "application/octet-stream"


def test_a_taken_port_is_one_line(output: Path) -> None:
    with SiteServer("127.0.0.1", 0, Served(output, "/")) as server:
        with pytest.raises(DigestError) as caught:
            SiteServer("127.0.0.1", server.server_port, Served(output, "/"))
        assert str(server.server_port) in str(caught.value)
        assert "--port" in str(caught.value)
        assert "\n" not in str(caught.value)


class Preview:
    """A site served with a build that counts and copies, and may be told to fail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.content.mkdir()
        self.builds = 0
        self.failure: Exception | None = None
        self.during: Callable[[], object] | None = None
        self.messages: list[str] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        serve(
            lambda: load_config(self.folder),
            self._build,
            port=0,
            on_message=self.messages.append,
            stop=self.stop,
        )

    def _build(self, config: SiteConfig) -> None:
        self.builds += 1
        during, self.during = self.during, None
        if during:
            during()
        if self.failure:
            raise self.failure
        public = Path(config.output)
        public.mkdir(exist_ok=True)
        (public / "index.html").write_text(f"{config.title} {self.builds}", "utf-8")
        cache = Path(config.site, ".digest")
        cache.mkdir(exist_ok=True)
        (cache / "memo").write_text(str(self.builds), "utf-8")

    def wait_for(self, builds: int) -> None:
        """Waits for that many builds and then for rest, so that one too many shows as well."""
        until(lambda: self.builds >= builds)
        time.sleep(0.5)
        assert self.builds == builds

    def says(self, words: str) -> None:
        until(lambda: any(words in message for message in self.messages))


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    found = Preview(tmp_path)
    found.thread.start()
    found.says("serving")
    yield found
    found.stop.set()
    found.thread.join(10)
    assert not found.thread.is_alive()


def test_a_burst_of_changes_is_one_build(preview: Preview) -> None:
    folder = preview.content / "2023"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number}.md").write_text("x", "utf-8")
    preview.wait_for(2)
    (folder / "0.md").rename(folder / "moved.md")
    preview.wait_for(3)
    (folder / "moved.md").unlink()
    preview.wait_for(4)


def test_its_own_writing_is_no_change(preview: Preview) -> None:
    (preview.folder / "public" / "other.html").write_text("x", "utf-8")
    (preview.folder / ".digest" / "other").write_text("x", "utf-8")
    (preview.content / ".a.md.swp").write_text("x", "utf-8")
    (preview.folder / "serve.log").write_text("x", "utf-8")
    preview.wait_for(1)


def test_reading_is_no_change(preview: Preview) -> None:
    (preview.content / "a.md").write_text("x", "utf-8")
    preview.wait_for(2)
    assert (preview.content / "a.md").read_text("utf-8") == "x"
    preview.wait_for(2)


def test_a_change_during_a_build_leads_to_one_more(preview: Preview) -> None:
    preview.during = lambda: (preview.content / "late.md").write_text("x", "utf-8")
    (preview.content / "a.md").write_text("x", "utf-8")
    preview.wait_for(3)


def test_a_failing_build_leaves_the_last_good_site(preview: Preview) -> None:
    page = preview.folder / "public" / "index.html"
    good = page.read_text("utf-8")
    preview.failure = RenderError("no filter named 'nope'")
    (preview.content / "a.md").write_text("x", "utf-8")
    preview.says("no filter named 'nope'")
    assert page.read_text("utf-8") == good
    preview.failure = ValueError("a bug")
    (preview.content / "a.md").write_text("y", "utf-8")
    preview.says("Traceback")
    preview.failure = None
    (preview.content / "a.md").write_text("z", "utf-8")
    preview.says("built again in")
    assert page.read_text("utf-8") != good


def test_the_configuration_is_read_again(preview: Preview) -> None:
    file = preview.folder / "site.toml"
    file.write_text('titel = "文摘"', "utf-8")
    preview.says("did you mean 'title'?")
    assert preview.builds == 1
    (preview.folder / "texts").mkdir()
    file.write_text('title = "文摘"\ncontent = "texts"', "utf-8")
    preview.wait_for(2)
    assert (preview.folder / "public" / "index.html").read_text("utf-8") == "文摘 2"
    (preview.content / "a.md").write_text("x", "utf-8")
    preview.wait_for(2)
    (preview.folder / "texts" / "a.md").write_text("x", "utf-8")
    preview.wait_for(3)


def test_a_theme_folder_may_come_later(preview: Preview) -> None:
    (preview.folder / "templates").mkdir()
    preview.wait_for(2)
    (preview.folder / "templates" / "page.html").write_text("x", "utf-8")
    preview.wait_for(3)


def test_without_watches_left_the_folders_are_polled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watch.Observer, "start", refuse)
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.05)
    (tmp_path / "content").mkdir()
    stop = threading.Event()
    eyes = watch.Watch()
    eyes.follow(watch.Places.of([], [tmp_path / "content"]))
    try:
        (tmp_path / "content" / "a.md").write_text("x", "utf-8")
        assert eyes.wait(stop)
        stop.set()
        assert not eyes.wait(stop)
    finally:
        eyes.close()


def test_content_behind_a_symbolic_link_is_watched(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "content"
    link.symlink_to(tmp_path / "real")
    places = watch.Places.of([], [link])
    assert places.concern(str(tmp_path / "real" / "a.md"))
    assert places.concern(str(link))
    assert not places.concern(str(tmp_path / "other.md"))


def test_a_first_configuration_at_fault_ends_it(tmp_path: Path) -> None:
    def load() -> SiteConfig:
        return load_config(tmp_path / "nowhere")

    with pytest.raises(DigestError, match="does not exist"):
        serve(load, lambda _: None, port=0, on_message=print)

"""Fixtures for all tests: small sites, the real archive, a real browser, the Nu validator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import MISSING, REQUIRED, find_chromium
from hypothesis import settings
from sites import Site, write_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
VNU = ROOT / ".venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar"
LAUNCHED = pytest.StashKey[bool]()

# A shared machine's clock proves nothing, and a verdict on a clone must not hang on luck.
settings.register_profile("digest", deadline=None, derandomize=REQUIRED)
settings.load_profile("digest")


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[[str], Site]:
    """Write a whole site from one string: `make_site("-- site.toml --\\n…-- content/a.md --\\n…")`."""
    made: list[Site] = []

    def make(text: str = "") -> Site:
        made.append(write_site(tmp_path / f"site-{len(made) + 1}", text))
        return made[-1]

    return make


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder with the real archive; the test is skipped where it isn't there."""
    folder = (ROOT / os.environ.get("DIGEST_CORPUS", "../shared")).resolve()
    if not (folder / "corpus").is_dir():
        pytest.skip("no real archive (DIGEST_CORPUS names its folder)")
    return folder


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A running Chromium. Without one the test is skipped, or fails under REQUIRE_BROWSER=1."""
    path = find_chromium()
    if path is None:
        (pytest.fail if REQUIRED else pytest.skip)(MISSING)
    from playwright.sync_api import sync_playwright  # slow to import, and only needed here

    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=root)
        request.config.stash[LAUNCHED] = True
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh tab of its own context. Any request that leaves the machine fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    foreign: list[str] = []

    def guard(route: object, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if url.startswith(("file:", "data:", "about:", "http://127.0.0.1:", "http://localhost:")):
            route.continue_()  # type: ignore[attr-defined]
        else:
            foreign.append(url)
            route.abort()  # type: ignore[attr-defined]

    context.route("**/*", guard)
    yield context.new_page()
    context.close()
    assert not foreign, f"requests to other hosts: {foreign}"


@pytest.fixture(scope="session")
def nu_errors() -> Callable[[Path], list[str]]:
    """The Nu validator: `nu_errors(folder)` lists every error (no warning) in the HTML files below it."""
    if not VNU.is_file() or not shutil.which("java"):
        pytest.skip("no Nu validator (`make test` installs it where npm and java are)")

    def validate(folder: Path) -> list[str]:
        command = [
            "java",
            "-Xss4m",
            "-jar",
            str(VNU),
            "--skip-non-html",
            "--format",
            "json",
            "--stdout",
            str(folder),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
        messages = json.loads(done.stdout)["messages"]
        return [f"{m['url']}:{m.get('lastLine', 0)}: {m['message']}" for m in messages if m["type"] != "info"]

    return validate


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Under REQUIRE_BROWSER=1 a run that never used the browser is no proof."""
    if _unproven(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say why such a run failed."""
    if _unproven(config):
        terminalreporter.write_line("REQUIRE_BROWSER=1, and no test used a browser: failed", red=True)


def _unproven(config: pytest.Config) -> bool:
    return REQUIRED and not config.stash.get(LAUNCHED, False) and not config.option.collectonly

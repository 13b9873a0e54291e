"""The manual, docs/, is a site of digest's own: it builds, its links lead somewhere, its commands run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from crawler import crawl, serve_under

from digest.build.pipeline import build_site
from digest.checking.run import check_site
from digest.cli import cli
from digest.config import SiteConfig, load_config

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(ROOT.glob("docs/pages/*.md"))
NAMES = [path.name for path in PAGES]
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.M | re.S)


def prose(path: Path) -> str:
    """The text without code, fenced or not; headings keep theirs."""
    text = FENCE.sub("", path.read_text("utf-8"))
    return re.sub(r"^(?!#).*", lambda line: re.sub(r"`[^`]*`", "", line[0]), text, flags=re.M)


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> SiteConfig:
    """The built manual; a problem of any kind would have stopped it."""
    config = load_config(ROOT / "docs", output=tmp_path_factory.mktemp("manual") / "site")
    build_site(config, strict=True)
    return config


def address(config: SiteConfig, path: Path) -> str:
    slug = re.search(r"^slug: (\S+)$", path.read_text("utf-8").partition("\n# ")[0], re.M)
    return f"{config.output}/{slug[1] if slug else path.stem}.html"


def test_every_file_is_a_page_that_its_front_leads_to(manual: SiteConfig) -> None:
    front = (ROOT / "docs/pages/index.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([\w-]+\.md)", front))
    assert linked == {*NAMES} - {"index.md"}
    assert all(Path(address(manual, path)).is_file() for path in PAGES)


def test_no_link_or_anchor_is_dead(manual: SiteConfig) -> None:
    with serve_under(Path(manual.output), "/digest/") as start:
        done = crawl(start)
    assert done.dead == {}
    assert done.pages >= len(PAGES)


def test_digest_check_finds_nothing(manual: SiteConfig) -> None:
    assert [finding.code for finding in check_site(manual).findings] == []


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_a_long_page_has_a_table_of_contents(manual: SiteConfig, path: Path) -> None:
    headings = re.findall(r"^###? ", prose(path), re.M)
    html = Path(address(manual, path)).read_text("utf-8")
    assert ('<ul class="contents">' in html) == (len(headings) >= 4 and path.stem != "index")


def test_links_lead_to_headings_on_a_forge_too() -> None:
    for path in PAGES:
        for file, anchor in re.findall(r"\]\(([\w-]+\.md)?#([^)]+)\)", prose(path)):
            target = path.with_name(file) if file else path
            headings = re.findall(r"^#+ (.*)$", prose(target), re.M)
            names = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
            assert anchor in names, f"{path.name} links {file}#{anchor}"


# --- the reference of commands ------------------------------------------------------------------


def commands(group: click.Group = cli, above: str = "digest") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {above: group}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{above} {name}")
        elif not command.hidden:
            found[f"{above} {name}"] = command
    return found


COMMANDS = commands()


def options(command: click.Command) -> set[str]:
    given = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    return {name for option in given for name in (*option.opts, *option.secondary_opts)}


def test_the_reference_of_commands_is_the_one_that_make_docs_writes() -> None:
    spec = spec_from_file_location("command_reference", ROOT / "tools/command_reference.py")
    assert spec
    assert spec.loader
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs/pages/commands.md").read_text("utf-8") == tool.reference()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_has_each_command_with_each_option_and_no_other(name: str) -> None:
    text = (ROOT / "docs/pages/commands.md").read_text("utf-8")
    section = re.search(rf"^##+ {name}\n(.*?)(?=^##|\Z)", text, re.M | re.S)
    assert section, f"{name} is missing: make docs"
    rows = re.findall(r"^\| `([^`]+)`", section[1], re.M)
    assert {part for row in rows for part in re.findall(r"(?:^|[ ,/])(--?\w[\w-]*)", row)} == options(
        COMMANDS[name]
    )


def shown_commands() -> list[tuple[str, str]]:
    found = []
    for path in [ROOT / "README.md", *PAGES]:
        if path.name == "commands.md":
            continue
        for language, block in FENCE.findall(path.read_text("utf-8")):
            if language in ("sh", "console", "yaml", "", "text"):
                found += [
                    (path.name, line) for line in re.findall(r"(?:^|&& |run: )(digest .*)$", block, re.M)
                ]
    return found


@pytest.mark.parametrize(("page", "line"), shown_commands())
def test_every_command_that_a_page_shows_exists_with_its_options(page: str, line: str) -> None:
    words = shlex.split(re.split(r" [>|&…]", line)[0], comments=True)
    if words[1:2] == ["-C"]:
        del words[1:3]
    name = next(n for n in (" ".join(words[:3]), " ".join(words[:2]), "digest") if n in COMMANDS)
    given = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert given <= options(COMMANDS[name]) | {"--help"}, f"{page}: {line}"
    assert name != "digest" or len(words) == 1 or words[1].startswith("-"), f"{page}: {line}"


# --- the tutorial ------------------------------------------------------------------------------


def test_the_tutorial_leads_to_a_published_site(tmp_path: Path) -> None:
    tutorial = (ROOT / "docs/pages/tutorial.md").read_text("utf-8")
    script = "\n".join(block for language, block in FENCE.findall(tutorial) if language == "sh")
    subprocess.run(["git", "init", "--quiet", "--bare", "you.git"], cwd=tmp_path, check=True)
    git = {
        f"url.{tmp_path}/you.git.insteadOf": "https://github.com/you/news.git",
        "user.name": "You",
        "user.email": "you@example.org",
    }
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": str(len(git)),
        **{f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(git)},
        **{f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(git.values())},
    }
    done = subprocess.run(
        ["sh", "-eu", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors, 0 warnings" in done.stdout
    shown = ["git", "--git-dir", "you.git", "show"]
    story = subprocess.run(
        [*shown, "gh-pages:threads/bridge/index.html"], cwd=tmp_path, capture_output=True, check=True
    )
    assert "跨海大桥通车首日车流平稳" in story.stdout.decode()
    gone = subprocess.run([*shown, "gh-pages:about.html"], cwd=tmp_path, capture_output=True, check=False)
    assert gone.returncode != 0


# --- in the browser ----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_window(manual: SiteConfig, page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in PAGES:
        page.goto(Path(address(manual, path)).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path.name
        assert page.locator("h1").count() == 1, path.name
        dark = page.evaluate(
            "parseInt(getComputedStyle(document.documentElement).backgroundColor.slice(4)) < 128"
        )
        assert dark == (scheme == "dark"), path.name


@pytest.mark.browser
def test_the_way_from_the_front_to_a_key(manual: SiteConfig, page: Page) -> None:
    page.goto(Path(manual.output, "index.html").as_uri())
    page.get_by_role("link", name="Configuration").click()
    page.locator(".contents").get_by_role("link", name="Feeds").click()
    assert page.url.endswith("configuration.html#feeds")
    assert page.locator("#feeds").is_visible()

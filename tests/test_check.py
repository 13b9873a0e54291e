"""`digest check` on whole small sites: what it finds, what it keeps silent about, how it tells."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from sites import Site
from test_build import article, news

from digest.checking.codes import SEVERITIES, explain, read_codes, severity_of
from digest.checking.findings import Finding, Rule, merge_repeated, parse_rule, silence
from digest.checking.formats import write_github, write_json, write_text
from digest.checking.run import Report, check_site
from digest.cli import cli
from digest.config import load_config

MakeSite = Callable[[str], Site]
ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "digest"


def check(site: Site, **options: object) -> Report:
    return check_site(load_config(site.root), workers=1, **options)  # type: ignore[arg-type]


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def prose(number: int) -> str:
    """Words of an article's length that no other article has."""
    letters = (chr(0x4E00 + (number * 811 + n * n * 37) % 9000) for n in range(60 + number * 7 % 90))
    return "".join(letters) + "。"


def papers(count: int) -> str:
    """A site of so many articles in which there is nothing to find."""
    files = [f"-- content/voa/{n}.md --\n{article(n, text=prose(n))}" for n in range(count)]
    return "-- site.toml --\ntitle = '新闻'\nurl = 'https://news.example/archive'\n" + "\n".join(files)


def command(site: Site, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, ["check", "--site", str(site.root), "--workers", "1", *arguments])
    return done.exit_code, done.stdout, done.stderr


# --- a built site -------------------------------------------------------------------------------


def test_a_fresh_site_has_nothing_to_tell(make_site: MakeSite) -> None:
    site = make_site(papers(6))
    site.build()
    report = check(site)
    assert codes(report) == []
    assert (report.figures.pages, report.figures.files) == (6, len(site.tree()))
    assert report.figures.bytes == sum(map(len, site.tree().values()))


def test_a_site_with_every_kind_of_page_of_the_theme_is_sound(make_site: MakeSite) -> None:
    text = papers(8) + "\n-- content/pages/about.md --\n# 关于\n\n见 [首页](index.html)。\n"
    text += "\n-- content/threads/a.md --\n---\ntitle: 专题\nwords: [新闻]\n---\n引言\n"
    text += "\n-- content/editions/2023-11-10.md --\n# 一日\n\n按语。\n"
    site = make_site(text)
    site.build()
    assert [str(f) for f in check(site).findings] == []


def test_checking_changes_no_file_of_the_output(make_site: MakeSite) -> None:
    site = make_site(papers(3))
    site.build()
    before = site.tree()
    check(site)
    assert site.tree() == before
    assert site.build().written == 0


def test_without_a_built_site_the_archive_is_checked(make_site: MakeSite) -> None:
    site = make_site("-- content/a.md --\n[题](https://www.voachinese.com/a/1.html)\n------\n\n\n")
    report = check(site)
    assert codes(report) == ["output-missing", "date-missing", "text-missing"]
    assert not site.output.exists()


@pytest.mark.parametrize(
    "path", ["content/voa/0.md", "content/pages/new.md", "site.toml", "templates/x.html", "static/x.css"]
)
def test_a_site_older_than_its_sources_is_stale(make_site: MakeSite, path: str) -> None:
    site = make_site(papers(3))
    site.build()
    old = (site.root / path).read_text() if (site.root / path).exists() else ""
    site.write(path, old + ("\nlists.page_size = 9" if path == "site.toml" else "\n# 新"))
    assert "output-stale" in codes(check(site))
    site.build()
    assert "output-stale" not in codes(check(site))


def test_what_is_ignored_makes_no_site_stale(make_site: MakeSite) -> None:
    site = make_site(papers(3))
    site.build()
    site.edit("site.toml", "title = '新闻'", "title = '新闻'\ncheck.ignore = ['outlet-gap']")
    assert codes(check(site)) == ["ignore-idle"]


def test_the_moment_that_the_environment_names_belongs_to_the_build(make_site: MakeSite) -> None:
    site, now = make_site(papers(3)), datetime(2024, 1, 1, tzinfo=UTC)
    site.build(now=now)
    assert codes(check(site, now=now)) == []
    assert codes(check(site)) == ["output-stale"]


def test_a_file_changed_by_hand_is_told_and_checked(make_site: MakeSite) -> None:
    site = make_site(papers(3))
    site.build()
    page = site.output / "index.html"
    page.write_text(
        page.read_text("utf-8") + "<p><a href=no.html>无</a>\n<a href=index.html#no>无</a>", "utf-8"
    )
    report = check(site)
    assert codes(report) == ["link-dead", "output-stale", "anchor-dead"]
    dead = report.findings[0]
    assert (dead.path, dead.about) == ("/index.html", "no.html")
    assert page.read_text("utf-8").splitlines()[dead.line - 1].count("no.html") == 1


def test_a_dead_link_in_a_template_is_told_once(make_site: MakeSite) -> None:
    site = make_site(papers(9))
    site.write("static/x.html", "<!doctype html><html lang=zh><title>甲</title><a href=no.html>无</a>")
    site.build()
    for number in range(5):
        site.write(f"static/{number}.html", (site.root / "static/x.html").read_text())
    site.build()
    (finding,) = check(site).findings
    assert (finding.code, finding.places, "5 more pages" in finding.message) == ("link-dead", 6, True)


def test_files_of_the_sites_own_are_checked_too(make_site: MakeSite) -> None:
    site = make_site(papers(2))
    page = "<!doctype html><html lang=zh><title>甲</title><script src=https://stats.example/x.js></script>"
    site.write("static/page.html", page)
    site.write("static/page/index.html", page)
    site.write("static/Page.html", page.replace("src", "data-src"))
    site.write("static/x.css", "p { background: url(https://stats.example/p.png) }")
    site.write(
        "static/more.json", '{"version": "https://jsonfeed.org/version/1.1", "title": "甲", "items": [{}]}'
    )
    site.build()
    found = {(f.code, re.sub(r"\.[0-9a-f]{8}\b", "", f.path), f.about) for f in check(site).findings}
    assert found == {
        ("third-party", "/page.html", "stats.example"),
        ("third-party", "/page/index.html", "stats.example"),
        ("third-party", "/x.css", "stats.example"),
        ("feed-broken", "/more.json", ""),
        ("url-clash", "/page.html", "/Page.html"),
        ("url-ambiguous", "/page/index.html", "/Page.html"),
    }


def test_the_same_is_found_by_several_workers(make_site: MakeSite) -> None:
    site = make_site(papers(320))
    for number in range(40):
        site.write(f"static/{number}.html", f"<html lang=zh><title>甲</title><a href=no{number}.html>无</a>")
    site.build()
    alone = check_site(load_config(site.root), workers=1)
    assert len(alone.findings) == 40
    for forks in (True, False):
        assert check_site(load_config(site.root), workers=2, forks=forks) == alone


# --- an archive ---------------------------------------------------------------------------------


def test_what_the_build_reports_stands_under_its_codes(make_site: MakeSite) -> None:
    text = (
        papers(4)
        + "\n-- content/threads/a.md --\n---\ntitle: 专题\ninclude:\n- https://www.voachinese.com/a/9.html\n---\n"
    )
    text += "\n-- content/corrections.toml --\n[[article]]\nurl = 'https://no.example/'\nhide = true\n"
    site = make_site(text)
    report = site.build()
    found = check(site).findings
    assert {(f.code, f.path, f.line, f.message) for f in found} == {
        (p.code, p.path, p.line, p.message) for p in report.problems
    }
    assert {f.code for f in found} == {"reference-dead", "thread-empty", "correction-unknown"}
    assert {severity_of(f.code) for f in found} == {"warning"}


def test_defects_of_articles_are_told_with_their_outlet(make_site: MakeSite) -> None:
    site = make_site(papers(2))
    site.write("content/voa/8.md", article(8, text="水位\ufffd\ufffd上涨，" + "写得够长了。" * 9))
    site.write("content/voa/9.md", article(9, text="短。"))
    site.write("content/voa/7.md", article(7, title="王\ufffdu谈天气", text=prose(7)))
    site.build()
    report = check(site)
    found = {(f.code, f.path, f.about) for f in report.findings}
    assert found == {
        ("mojibake", "voa/7.md", "voa"),
        ("mojibake", "voa/8.md", "voa"),
        ("text-short", "voa/9.md", "voa"),
    }
    assert report.findings[0].message.startswith("in the title: ")


def test_a_host_without_a_profile_is_told_once(make_site: MakeSite) -> None:
    body = "\n------\n\n<p>" + "这一篇写得够长了，不算短。" * 4 + "</p>\n"
    files = [
        f"-- content/{n}.md --\n<!--{1_699_600_000_000 + n}-->\n[第{n}篇](https://post.example/{n}){body}"
        for n in range(3)
    ]
    site = make_site("\n".join(files))
    site.build()
    (finding,) = check(site).findings
    assert (finding.code, finding.about, "3 articles" in finding.message) == (
        "host-unknown",
        "post.example",
        True,
    )


def test_an_outlet_that_stopped_and_one_that_paused(make_site: MakeSite) -> None:
    files = []
    for day in range(40):
        for hour in range(3):
            number, stamp = day * 24 + hour, 1_699_600_000_000
            if not 20 <= day < 24:
                files.append((f"voa/{number}", article(number, text=prose(number), stamp=stamp)))
            if day < 30:
                other = article(number, text=prose(number + 5000), stamp=stamp).replace(
                    "www.voachinese.com/a/", "www.rfa.org/mandarin/"
                )
                files.append((f"rfa/{number}", other))
    site = make_site("\n".join(f"-- content/{name}.md --\n{text}" for name, text in files))
    site.build()
    found = {f.code: f for f in check(site).findings}
    assert set(found) == {"outlet-gap", "outlet-silent"}
    assert (found["outlet-gap"].about, found["outlet-silent"].about) == ("voa", "rfa")
    assert "4 days, though about 12" in found["outlet-gap"].message


# --- silence and merging ------------------------------------------------------------------------


def finding(
    code: str = "link-dead", path: str = "/a.html", about: str = "b.html", message: str = "m"
) -> Finding:
    return Finding(code, message, path, about=about)


@pytest.mark.parametrize(
    ("entry", "silenced"),
    [
        ("link-dead", True), ("anchor-dead", False), ("link-dead:/a.html", True), ("link-dead:a.html", True),
        ("link-dead:b*", True), ("link-dead:/c/*", False), ("link-dead: *.html ", True),
    ],
)  # fmt: skip
def test_an_entry_silences_by_code_place_and_subject(entry: str, silenced: bool) -> None:
    left, gone, idle = silence([finding()], [parse_rule(entry)])
    assert (len(left), gone, idle == ()) == ((0, 1, True) if silenced else (1, 0, False))


@given(st.lists(st.builds(finding, st.sampled_from(["a", "b"]), st.sampled_from(["/x", "y"])), max_size=9))
def test_nothing_is_lost_between_merging_and_silence(findings: list[Finding]) -> None:
    merged = merge_repeated(findings)
    assert sum(f.places for f in merged) == len(findings)
    left, gone, _ = silence(findings, [Rule("a")])
    assert (len(left) + gone, {f.code for f in left} <= {"b"}) == (len(findings), True)


def test_brackets_in_a_pattern_are_brackets() -> None:
    rule = parse_rule("text-cut:[国际] *.md")
    assert rule.silences(finding("text-cut", "[国际] 甲.md"))
    assert not rule.silences(finding("text-cut", "国 甲.md"))


def test_only_pages_of_the_site_are_merged() -> None:
    assert len(merge_repeated([finding(path=f"{n}.md") for n in range(9)])) == 9
    (merged,) = merge_repeated([finding(path=f"/{n}.html") for n in range(9)])
    assert (merged.places, merged.path) == (9, "/0.html")


def test_site_toml_silences_and_is_told_what_silences_nothing(make_site: MakeSite) -> None:
    site = make_site(papers(2))
    site.write("content/voa/9.md", article(9, text="短。"))
    entries = ["text-short:voa", "link-ded", "third-party"]
    site.edit("site.toml", "title = '新闻'", f"title = '新闻'\ncheck.ignore = {entries}")
    site.build()
    report = check(site)
    assert codes(report) == ["ignore-unknown", "ignore-idle"]
    assert report.silenced == 1
    assert "did you mean 'link-dead'" in report.findings[0].message


# --- the table of codes -------------------------------------------------------------------------

_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*\Z")
_CALLS = {
    "Problem": 0, "problem": 0, "report": 0, "_report": 0, "_broken": 0, "Decoded": 1, "Finding": 0, "Flaw": 0,
}  # fmt: skip


def used_codes() -> dict[str, str]:
    """Every code that stands in the source, with where."""
    found: dict[str, str] = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            # Two types bear this name: in a check the code comes first, in a schema the key does.
            place = _CALLS.get(name, (0 if "checking" in file.parts else 1) if name == "Fault" else None)
            if place is not None and len(node.args) > place:
                for constant in ast.walk(node.args[place]):
                    value = getattr(constant, "value", None)
                    if isinstance(value, str) and _CODE.match(value):
                        found.setdefault(value, f"{file.name}:{node.lineno}")
    text = "\n".join(file.read_text("utf-8") for file in sorted(PACKAGE.rglob("*.py")))
    # Codes that are chosen before they are given: in a tuple, a conditional, or a variable.
    found |= {code: "in words" for code in read_codes() if f'"{code}"' in text}
    return found


def test_every_code_in_the_source_is_explained() -> None:
    unexplained = {code: place for code, place in used_codes().items() if code not in read_codes()}
    assert unexplained == {}


def test_every_code_explained_is_in_the_source() -> None:
    assert set(read_codes()) - set(used_codes()) == set()


def test_the_codes_that_the_manual_of_loading_names_are_explained() -> None:
    section = (ROOT / "docs/pages/loading.md").read_text("utf-8").partition("## Problems\n")[2]
    named = set(re.findall(r"`([a-z-]+)`", section.partition("\n\n")[2] or section))
    assert named
    assert named <= set(read_codes())


def test_the_manual_lists_every_code_with_its_severity_and_summary() -> None:
    manual = (ROOT / "docs/pages/checking.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.+?) \|$", manual, re.M)
    assert {row[0]: row[1:] for row in rows} == {
        name: (code.severity, code.summary) for name, code in read_codes().items()
    }


@pytest.mark.parametrize("code", read_codes())
def test_each_explanation_says_what_it_means_and_what_to_do(code: str) -> None:
    known = read_codes()[code]
    assert _CODE.match(code)
    assert known.meaning.endswith(".")
    assert known.remedy.endswith(".")
    assert not known.summary.endswith(".")
    assert known.meaning in explain(code)


def test_a_code_that_the_table_lacks_is_a_warning() -> None:
    assert severity_of("no-such-code") == "warning"
    assert SEVERITIES.index("error") < SEVERITIES.index("warning") < SEVERITIES.index("note")


# --- how it is told -----------------------------------------------------------------------------


@pytest.fixture
def faulty(make_site: MakeSite) -> Site:
    site = make_site(news(9))
    site.write("static/bad.html", "<html lang=zh><title>甲</title>\n<a href='no%20page,1.html'>无</a>")
    site.build()
    return site


def test_exit_codes(faulty: Site, make_site: MakeSite) -> None:
    assert command(faulty)[0] == 1
    faulty.edit("static/bad.html", "no%20page,1.html", "index.html#no")
    faulty.build()
    assert (command(faulty)[0], command(faulty, "--strict")[0]) == (0, 1)
    assert (command(make_site(papers(2)))[0], command(make_site(papers(2)), "--build", "--strict")[0]) == (
        1,
        0,
    )


def test_the_text_groups_by_code_and_shows_some(faulty: Site) -> None:
    code, out, _ = command(faulty)
    assert code == 1
    lines = out.splitlines()
    assert lines[:2] == [
        "error link-dead: 1  a link leads to a file that is not there",
        "  /bad.html:2: 'no%20page,1.html' leads nowhere (expected a file of the site)",
    ]
    assert "note text-short: 9  an article has hardly any text" in lines
    assert "  … and 4 more (--all)" in lines
    assert lines[-1] == "1 error, 0 warnings, 9 notes; digest check --explain CODE says more"
    everything = command(faulty, "--all")[1]
    assert everything.count("characters of text") == 9
    assert "(--all)" not in everything


def test_json_holds_every_finding(faulty: Site) -> None:
    data = json.loads(command(faulty, "--format", "json")[1])
    assert (data["errors"], data["warnings"], data["notes"], data["silenced"]) == (1, 0, 9, 0)
    assert data["codes"] == {"text-short": 9, "link-dead": 1}
    assert data["findings"][0] == {
        "severity": "error", "code": "link-dead", "path": "/bad.html", "line": 2, "about": "no%20page,1.html",
        "message": "'no%20page,1.html' leads nowhere (expected a file of the site)", "places": 1,
    }  # fmt: skip
    assert data["figures"]["pages"] == 9


def test_github_shows_findings_beside_the_files(faulty: Site) -> None:
    report = check_site(load_config(faulty.root), workers=1)
    lines = list(write_github(report, str(faulty.output), str(faulty.root)))
    message = "'no%2520page,1.html' leads nowhere (expected a file of the site)"
    assert lines[0] == f"::error file=public/bad.html,line=2,title=link-dead::{message}"
    assert lines[1].startswith("::notice file=content/voa/0.md,title=text-short::")
    assert "::notice title=text-short::4 more of text-short" in lines
    assert (
        sum(line.startswith("::notice file=") for line in write_github(report, "", "", everything=True)) == 9
    )


def test_names_are_escaped_for_github_and_for_the_terminal() -> None:
    odd = Finding("text-short", "a\nb % c", "甲:乙,\n丙.md", 3)
    report = Report((odd,), 0, check_figures(), {"甲:乙,\n丙.md": "/s/甲:乙,\n丙.md"})
    assert next(write_github(report, "/s/public", "/s")) == (
        "::notice file=甲%3A乙%2C%0A丙.md,line=3,title=text-short::a%0Ab %25 c"
    )
    assert all("\n" not in line for line in list(write_text(report))[1].split("a\nb")[:1])
    assert json.loads(write_json(report))["findings"][0]["path"] == "甲:乙,\n丙.md"


def check_figures():  # type: ignore[no-untyped-def]
    from digest.checking.limits import Figures

    return Figures()


def test_a_code_is_explained_without_a_site(tmp_path: Path) -> None:
    def explained(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "digest", "check", "--explain", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    done = explained("outlet-silent")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("outlet-silent (warning): an outlet has stopped coming\n")
    wrong = explained("outlet-slient")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "did you mean 'outlet-silent'" in wrong.stderr
    assert wrong.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "entry",
    ['"Link Dead"', '""', '"link-dead:"', "3", '":x"'],
)
def test_an_entry_of_ignore_that_is_none_is_a_fault_of_site_toml(make_site: MakeSite, entry: str) -> None:
    site = make_site(f"-- site.toml --\n[check]\nignore = [{entry}]\n")
    done = subprocess.run(
        [sys.executable, "-m", "digest", "check", "--site", str(site.root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "site.toml:2: " in done.stderr


def test_who_publishes_hears_of_errors_only(faulty: Site) -> None:
    from digest.checking import find_errors

    config = load_config(faulty.root)
    report = faulty.build()
    (line,) = find_errors(config, report)
    assert line.startswith("/bad.html: 'no%20page,1.html' leads nowhere")
    assert line.endswith("[link-dead]")
    faulty.edit("site.toml", "title = '新闻'", "title = '新闻'\ncheck.ignore = ['link-dead']")
    assert find_errors(load_config(faulty.root), report) == []

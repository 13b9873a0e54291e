"""Checks a whole site: reads the last output and the remembered edition, and builds nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from digest.build.accounts import Edition, account, find_assets
from digest.build.crew import Crew, can_fork, count_cores
from digest.build.output import MANIFEST, STAGING, OutputFolder
from digest.build.pipeline import edition_key, read_edition
from digest.build.report import BuildReport
from digest.build.store import Store
from digest.checking.archive import Article, from_problems, judge_archive
from digest.checking.codes import SEVERITIES, read_codes, severity_of
from digest.checking.desk import Brief, hire
from digest.checking.findings import Finding, Rule, merge_repeated, parse_rule, silence
from digest.checking.limits import Figures, judge_sizes, measure
from digest.checking.output import Judged, find_line, is_readable, judge_site
from digest.checking.texts import Marks
from digest.config import SiteConfig
from digest.places import FILE_NAME, cache_folder
from digest.schema import suggest

_FEW, _BATCH = 300, 100


class Report(Struct, frozen=True):
    """All that was found, worst first; how many findings `site.toml` silenced; the site's size; where
    the files lie that findings name, by the names they go by."""

    findings: tuple[Finding, ...]
    silenced: int
    figures: Figures
    places: dict[str, str]

    def count(self, severity: str) -> int:
        """How many findings are of this severity."""
        return sum(1 for finding in self.findings if severity_of(finding.code) == severity)


def check_site(
    config: SiteConfig, *, workers: int | None = None, now: datetime | None = None, forks: bool = True
) -> Report:
    """Everything there is to say of the site and its archive. Writes nothing but the memo in `.digest/`."""
    options: dict[str, Any] = {"workers": workers, "now": now, "forks": forks}
    sizes = _list_output(config.output)
    with read_edition(config, **options) as (edition, store):
        number = max(len(sizes), len(edition.files))
        with _gather_crew(config, sizes, number, store.bodies, workers, forks=forks) as crew:
            found = _check_output(config, sizes, crew)
            articles = _read_texts(crew, edition, store)
        found += _judge_state(config, edition, store, now, sizes)
    today = _today(config, edition)
    figures = measure(sizes, _days(config, edition), today)
    found += judge_sizes(sizes, figures)
    found += judge_archive(articles, config.profiles, config.timezone, today)
    problems = account(edition, find_assets(edition.digest, edition.files)[1]).problems
    found += from_problems(problems, edition.digest.pages)
    left, silenced = _silence(found, config.check_ignore)
    places = {file.path: file.place for file in edition.files} | {FILE_NAME: f"{config.site}/{FILE_NAME}"}
    return Report(tuple(sorted(left, key=_rank)), silenced, figures, places)


def find_errors(config: SiteConfig, report: BuildReport, *, workers: int | None = None) -> list[Finding]:
    """Only what makes `digest check` fail: errors of a site that was built just now, as `report` tells."""
    sizes = _list_output(config.output)
    with _gather_crew(config, sizes, len(sizes), "", workers) as crew:
        found = _check_output(config, sizes, crew)
    found += judge_sizes(sizes, measure(sizes, [], None))
    found += from_problems(report.problems, ())
    left, _, _ = silence(found, [parse_rule(entry) for entry in config.check_ignore])
    return sorted((finding for finding in left if severity_of(finding.code) == "error"), key=_rank)


def _gather_crew(
    config: SiteConfig, sizes: Mapping[str, int], number: int, bodies: str, workers: int | None, *,
    forks: bool = True,
) -> Crew:  # fmt: skip
    brief = msgspec.msgpack.encode(Brief(config.output, tuple(sizes), config.url, bodies))
    count = (workers or count_cores()) if number > _FEW else 1
    return Crew(count, hire, brief, forks=forks and can_fork())


def _check_output(config: SiteConfig, sizes: Mapping[str, int], crew: Crew) -> list[Finding]:
    files = _read_files(crew, [path for path in sorted(sizes) if is_readable(path)])
    return list(_locate(config.output, merge_repeated(judge_site(files, sizes))))


def _list_output(folder: str) -> dict[str, int]:
    """The files of the output folder with their sizes in bytes; none where digest wrote no site."""
    root = Path(folder)
    if not (root / MANIFEST).is_file():
        return {}
    sizes = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in (STAGING, ".git")]
        prefix = Path(parent).relative_to(root).as_posix()
        for name in names:
            if name != MANIFEST and not (prefix == "." and name == ".git"):
                path = name if prefix == "." else f"{prefix}/{name}"
                sizes[path] = os.lstat(f"{parent}/{name}").st_size
    return sizes


def _read_files(crew: Crew, paths: Sequence[str]) -> list[Judged]:
    decode = msgspec.msgpack.Decoder(list[Judged]).decode
    batches = [list(paths[start : start + _BATCH]) for start in range(0, len(paths), _BATCH)]
    return [judged for _, answer in crew.run_batches("pages", batches) for judged in decode(answer)]


def _read_texts(crew: Crew, edition: Edition, store: Store) -> list[Article]:
    decode = msgspec.msgpack.Decoder(list[Marks]).decode
    pages = edition.digest.pages
    batches = [list(pages[start : start + _BATCH]) for start in range(0, len(pages), _BATCH)]
    marks = {
        page.id: its
        for batch, answer in crew.run_batches("texts", batches, lambda page: store.place(page.newest.body))
        for page, its in zip(batch, decode(answer), strict=True)
    }
    return [Article(page, marks[page.id]) for page in pages]


def _judge_state(
    config: SiteConfig, edition: Edition, store: Store, now: datetime | None, sizes: dict[str, int]
) -> Iterator[Finding]:
    """Whether there is an output, and whether it is the one that a build would write."""
    if not sizes:
        yield Finding(
            "output-missing", "no site is built here; digest build makes one (or check --build)", "/"
        )
        return
    folder = OutputFolder(config.output)
    if not folder.is_intact():
        yield Finding("output-stale", "files are not as the build wrote them; run digest build", "/")
        return
    last = store.edition(config.output)
    # A store that another build holds, or that was cleared, tells nothing.
    if last is None or store.folder != cache_folder(config):
        return
    if last.key != edition_key(config, edition.files, edition.readings.digests, now):
        yield Finding(
            "output-stale", "is older than what it is made of; run digest build (or check --build)", "/"
        )


def _today(config: SiteConfig, edition: Edition) -> date | None:
    return max(_days(config, edition), default=None)


def _days(config: SiteConfig, edition: Edition) -> list[date]:
    zone = ZoneInfo(config.timezone)
    return [page.moment.astimezone(zone).date() for page in edition.digest.pages if page.moment]


def _locate(output: str, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings with the line in which the address or id that they are about stands."""
    for finding in findings:
        if finding.line or not finding.about:
            yield finding
            continue
        try:
            data = Path(output, finding.path.lstrip("/")).read_bytes()
        except OSError:
            data = b""
        yield msgspec.structs.replace(finding, line=find_line(data, finding.about))


def _silence(findings: Sequence[Finding], entries: Sequence[str]) -> tuple[list[Finding], int]:
    rules = [parse_rule(entry) for entry in entries]
    left, silenced, idle = silence(findings, rules)
    left += [_tell_idle(rule) for rule in idle]
    return left, silenced


def _tell_idle(rule: Rule) -> Finding:
    entry = f"{rule.code}:{rule.pattern}" if rule.pattern else rule.code
    if rule.code in read_codes():
        return Finding("ignore-idle", f"check.ignore {entry!r} silences nothing", FILE_NAME, about=entry)
    message = f"check.ignore {entry!r} names no code{suggest(rule.code, read_codes())}"
    return Finding("ignore-unknown", message, FILE_NAME, about=entry)


def _rank(finding: Finding) -> tuple[int, int, str, str, int, str]:
    order = list(read_codes())
    place = order.index(finding.code) if finding.code in order else len(order)
    severity = SEVERITIES.index(severity_of(finding.code))
    return severity, place, finding.code, finding.path, finding.line, finding.message

"""A report as text for people, as JSON for programs, as commands for GitHub Actions."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from digest.checking.codes import SEVERITIES, read_codes, severity_of
from digest.checking.findings import Finding
from digest.checking.limits import forecast
from digest.checking.run import Report
from digest.errors import Location

EXAMPLES = 5
"""Findings of one code that are shown, unless all are asked for."""

_SUBJECTS = 6
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def write_text(report: Report, *, everything: bool = False) -> Iterator[str]:
    """The report in lines: each code with its count and some examples, then the sums."""
    for code, group in groupby(report.findings, key=lambda finding: finding.code):
        findings = list(group)
        known = read_codes().get(code)
        summary = f"  {known.summary}" if known else ""
        yield f"{severity_of(code)} {code}: {len(findings):,}{summary}"
        if len(findings) > EXAMPLES and (subjects := _list_subjects(findings)):
            yield f"  {subjects}"
        shown = findings if everything else findings[:EXAMPLES]
        yield from (f"  {_place(f)}{f.message}" for f in shown)
        if len(findings) > len(shown):
            yield f"  … and {len(findings) - len(shown):,} more (--all)"
        yield ""
    yield from summarise(report)


def summarise(report: Report) -> Iterator[str]:
    """The sums of a report: size and growth, then how much was found."""
    figures = report.figures
    if figures.files:
        parts = [
            f"{figures.pages:,} articles, {figures.files:,} files, {figures.bytes / 1e6:,.1f} MB",
            forecast(figures),
        ]
        yield "; ".join(filter(None, parts))
    counts = ", ".join(_count(report.count(severity), severity) for severity in SEVERITIES)
    silenced = f"; {report.silenced:,} silenced in site.toml" if report.silenced else ""
    hint = "; digest check --explain CODE says more" if report.findings else ""
    yield f"{counts}{silenced}{hint}"


def write_json(report: Report) -> bytes:
    """The report as one JSON object, with every finding."""
    counts = Counter(finding.code for finding in report.findings)
    data: dict[str, Any] = {
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "notes": report.count("note"),
        "silenced": report.silenced,
        "figures": msgspec.to_builtins(report.figures),
        "codes": dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        "findings": [{"severity": severity_of(f.code), **msgspec.to_builtins(f)} for f in report.findings],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n"


def write_github(report: Report, output: str, start: str, *, everything: bool = False) -> Iterator[str]:
    """Workflow commands, which GitHub shows beside the files. `output` is the output folder, `start` the
    folder that files are named from."""
    for code, group in groupby(report.findings, key=lambda finding: finding.code):
        findings = list(group)
        shown = findings if everything else findings[:EXAMPLES]
        for finding in shown:
            yield _command(finding, _file_of(finding, report, output, start))
        if len(findings) > len(shown):
            command = _COMMANDS[severity_of(code)]
            yield f"::{command} title={code}::{len(findings) - len(shown):,} more of {code}"
    yield from summarise(report)


def _command(finding: Finding, file: str) -> str:
    properties = [f"file={_escape(file, property_=True)}"] if file else []
    properties += [f"line={finding.line}"] if finding.line else []
    properties.append(f"title={finding.code}")
    command = _COMMANDS[severity_of(finding.code)]
    return f"::{command} {','.join(properties)}::{_escape(finding.message)}"


def _file_of(finding: Finding, report: Report, output: str, start: str) -> str:
    if finding.path.startswith("/"):
        path = finding.path.lstrip("/")
        return os.path.relpath(f"{output}/{path}" if path else output, start)
    place = report.places.get(finding.path, "")
    return os.path.relpath(place, start) if place else finding.path


def _escape(text: str, *, property_: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


def _place(finding: Finding) -> str:
    place = str(Location(_plain(finding.path), finding.line))
    return f"{place}: " if place else ""


def _plain(path: str) -> str:
    return path if path.isprintable() else path.encode("unicode_escape").decode("ascii")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _list_subjects(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.about for finding in findings if finding.about)
    if len(counts) < 2 or len(counts) > len(findings) // 2:
        return ""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{name} {count:,}" for name, count in rows[:_SUBJECTS])
    return listed + (f" and {len(rows) - _SUBJECTS:,} others" if len(rows) > _SUBJECTS else "")

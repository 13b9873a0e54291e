"""Prints the manual page of digest in roff, made from the help of its commands: `make man`.

click-man would write a page for each of two dozen commands, with cut summaries and without examples
kept apart, environment or exit codes; this is one page, `man digest`, that holds them all.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from digest import __version__
from digest.cli import cli

_CLOSING = r"""
.SH ENVIRONMENT
.TP
.B NO_COLOR
Where it is set and not empty, nothing is coloured.
.TP
.B SOURCE_DATE_EPOCH
The moment taken for now, in seconds since 1970.
.TP
.BR VISUAL ", " EDITOR
What
.B digest new --edit
opens a file with.
.SH EXIT STATUS
.TP
.B 0
Done, with problems or not.
.TP
.B 1
Problems under
.BR --strict ,
or nothing could be published.
.TP
.B 2
Usage or configuration.
.SH FILES
.TP
.I site.toml
The site's configuration; all of it has defaults.
.TP
.I content/
The articles, and the curator's pages, threads, editions and corrections.
.TP
.I .digest/
What digest remembers between builds. It can be deleted.
"""


def page() -> str:
    """The whole page."""
    context = click.Context(cli, info_name="digest")
    lines = [f'.TH DIGEST 1 "" "digest {__version__}" "User Commands"', ".SH NAME"]
    lines += [r"digest \- static site generator for archives of scraped news", ".SH SYNOPSIS"]
    lines += [".B digest", '.RI [ OPTIONS ] " COMMAND " [ ARGS ]...', ".SH DESCRIPTION"]
    lines += [*_prose(cli), *_options(cli, context), ".SH COMMANDS"]
    for names, command in _commands(cli, context, "digest"):
        pieces = " ".join(command.collect_usage_pieces(click.Context(command, info_name=names)))
        lines += [f".SS {_escape(names)} {_escape(pieces)}", *_prose(command)]
        lines += _options(command, click.Context(command, info_name=names))
    return "\n".join(lines) + _CLOSING


def _commands(group: click.Group, context: click.Context, above: str) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        yield f"{above} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, context, f"{above} {name}")


def _prose(command: click.Command) -> Iterator[str]:
    """The help, paragraph by paragraph; below click's mark, a backspace, the lines stay as they are."""
    text = inspect.cleandoc(command.help or "")
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text)):
        if number:
            yield ".PP"
        head, mark, kept = paragraph.partition("\b\n")
        if head.strip():
            yield _escape(" ".join(head.split()))
        if mark:
            yield from (".nf", *(_escape(line) for line in kept.splitlines()), ".fi")


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record and not ("--help" in parameter.opts and command is not cli):
            yield from (".TP", f".B {_escape(record[0])}", _escape(" ".join(record[1].split())))


def _escape(text: str) -> str:
    """Text for roff: a backslash, a hyphen that is to be copied, a leading dot or quote."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


if __name__ == "__main__":
    print(page(), end="")

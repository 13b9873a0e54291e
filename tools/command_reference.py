"""Prints the reference of all commands in Markdown, made from their own help: `make docs`.

What click itself prints (`[x>=1]`, `INTEGER RANGE`) changes with its version, and so is not taken.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from digest.cli import cli

_OPENING = """\
---
order: 31
---

# Commands

<!-- Written by `make docs` from the commands' own help: change it there. -->

Every command with every option, in the words of its `--help`. What their exit codes mean is told in
[What scripts may rely on](export.md#exit-codes).

<!-- contents -->
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([_OPENING, *_describe(cli, click.Context(cli, info_name="digest"), "digest")])


def _describe(command: click.Command, context: click.Context, names: str) -> Iterator[str]:
    level = "##" if names.count(" ") < 2 else "###"
    yield from (f"{level} {names}", "", "```text", " ".join([names, *_usage(command)]), "```", "")
    yield from _prose(command.help or "")
    yield from _prose(command.epilog or "")
    yield from _options(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _describe(inner, context, f"{names} {name}")


def _usage(command: click.Command) -> Iterator[str]:
    yield "[OPTIONS]"
    for argument in command.params:
        if isinstance(argument, click.Argument):
            name = argument.metavar or _value(argument)
            name = name if argument.required or name.startswith("[") else f"[{name}]"
            yield name if argument.nargs == 1 or name.endswith("...") else f"{name}..."
    if isinstance(command, click.Group):
        yield "COMMAND ..."


def _prose(text: str) -> Iterator[str]:
    """Paragraphs; below click's mark, a backspace, the lines stay as they are."""
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        head, _, kept = paragraph.partition("\b\n")
        first, _, rest = kept.partition("\n")
        if first.rstrip().endswith(":"):
            head, kept = f"{head} {first}", rest
        if head.strip():
            yield from (" ".join(head.split()).replace("<", r"\<"), "")
        if kept:
            yield from ("```text", inspect.cleandoc(kept), "```", "")


def _options(command: click.Command) -> Iterator[str]:
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if options:
        yield from ("| option | what it does |", "|---|---|")
        yield from (f"| `{_cell(_name(option))}` | {_cell(_meaning(option))} |" for option in options)
        yield ""


def _name(option: click.Option) -> str:
    names = "/".join([", ".join(option.opts), *option.secondary_opts])
    return names if option.is_flag or option.count else f"{names} {option.metavar or _value(option)}"


def _value(parameter: click.Parameter) -> str:
    kind = parameter.type
    if isinstance(kind, click.Choice):
        return "|".join(map(str, kind.choices))
    if isinstance(kind, click.Path):
        return "FILE" if isinstance(parameter, click.Argument) or not kind.dir_okay else "DIR"
    if isinstance(kind, type(click.INT)):
        return "N"
    return (parameter.name or "").upper()


def _meaning(option: click.Option) -> str:
    told = option.help or ""
    if option.show_default:
        default = option.show_default if isinstance(option.show_default, str) else option.default
        told = f"{told.removesuffix('.')} (default: {default})."
    return told


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|").replace("<", r"\<")


if __name__ == "__main__":
    print(reference(), end="")

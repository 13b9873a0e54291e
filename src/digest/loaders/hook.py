"""A curator's own Python for one outlet: a function that is given the body as a BeautifulSoup tree."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

Hook = Callable[[Any], None]


class HookError(Exception):
    """A hook that failed: the message names what, `where` its file and line."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__(message)
        self.where = where


@lru_cache(maxsize=64)
def load_hook(name: str, root: Path) -> Hook:
    """The function that `folder/file.py:function` names, the file being below `root`.

    Raises HookError if there is none.
    """
    path, _, function = name.partition(":")
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        raise HookError(f"hook '{name}' not found (expected a file below the site)", path)
    spec = importlib.util.spec_from_file_location(f"digest_hook_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise HookError(f"hook '{name}' is no Python file", path)
    module = importlib.util.module_from_spec(spec)
    writes = sys.dont_write_bytecode
    # The site's folder is the curator's; no __pycache__ is left in it.
    sys.dont_write_bytecode = True
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise HookError(f"hook '{name}' cannot be loaded: {error}", _place(error, path)) from error
    finally:
        sys.dont_write_bytecode = writes
    found = getattr(module, function, None)
    if not callable(found):
        raise HookError(f"hook '{name}': no function '{function}' there", path)
    return found  # type: ignore[no-any-return]


def run_hook(hook: Hook, html: str, name: str) -> tuple[str, list[tuple[str, bool]]]:
    """The body after the hook, and each string of the body before it with whether it is still there.

    Raises HookError if the hook does.
    """
    from bs4 import BeautifulSoup  # noqa: PLC0415 - only where a profile has a hook
    from bs4.element import Comment, NavigableString, Script, Stylesheet  # noqa: PLC0415

    tree = BeautifulSoup(html, "html.parser")
    strings = [
        node
        for node in tree.find_all(string=True)
        if type(node) is NavigableString and not isinstance(node, Comment | Script | Stylesheet)
    ]
    before = [str(node) for node in strings]
    try:
        hook(tree)
    except Exception as error:
        raise HookError(
            f"hook '{name}' failed: {type(error).__name__}: {error}", _place(error, name)
        ) from error
    alive = {id(node) for node in tree.find_all(string=True)}
    return str(tree), [(text, id(node) in alive) for text, node in zip(before, strings, strict=True)]


def _place(error: BaseException, default: str) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "digest/loaders/" not in f.filename.replace("\\", "/")]
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else default

"""Checks a parsed TOML table against a Struct type, and tells everything that is wrong with it.

`msgspec.convert` stops at the first fault and speaks of types. This walks the same types,
collects every fault with its key, and says in plain words what was expected. It runs on
what a person wrote, so clarity goes before speed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from digest.toml_lines import Key

ValueCheck = Callable[[Any], str]
"""What is wrong with one value (a phrase that follows it: `is not a known zone`), or the empty string."""

TableCheck = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]
"""What is wrong with a table whose values are each right: pairs of (key, message)."""


class Fault(NamedTuple):
    """One mistake: where it stands, a short stable code, and one line for people."""

    key: Key
    code: str
    message: str


class Checks(NamedTuple):
    """What the types cannot say, by (Struct type, field name) and by Struct type.

    For a list, the check of its field gets one item after the other.
    """

    values: Mapping[tuple[type, str], ValueCheck] = {}
    tables: Mapping[type, TableCheck] = {}


_NO_CHECKS = Checks()


def check(
    table: object, kind: Any, checks: Checks = _NO_CHECKS, *, at: Key = (), partial: bool = False
) -> tuple[Fault, ...]:
    """Every fault of `table` as a value of the type `kind`, in the order of the table's keys.

    `kind` may be a Struct, a scalar, a Literal, `tuple[X, ...]`, a tuple of fixed length,
    `dict[str, X]` or a union of these. `at` is where the table stands in its file; `partial`
    allows required keys of the outermost table to be absent.
    """
    return tuple(_walk(table, kind, at, checks, partial=partial))


def dotted(key: Key) -> str:
    """A key as a person reads it, list items counted from 1: `sources.demo.strip[2].css`."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            plain = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
            text += f".{plain}" if text else plain
    return text


def shown(value: object) -> str:
    """A value as it stands in TOML, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "…")
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, date | datetime | time):
        return f"the date {value.isoformat()}"
    return str(value)


def suggest(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """`; did you mean 'x'?` with the nearest of `known`, or the empty string.

    Compares without case, `-`, `_`, blanks and dots; a word with the same letters goes first.
    `cutoff` is the least likeness, from 0 to 1.
    """
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(_fold(candidate), candidate)
    fold = _fold(name)
    near = [other for other in by_fold if sorted(other) == sorted(fold)]
    near = near or get_close_matches(fold, by_fold, n=1, cutoff=cutoff)
    return f"; did you mean {by_fold[near[0]]!r}?" if near else ""


def describe(kind: Any) -> str:
    """A type in plain words: `a list of strings`."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return "one of " + ", ".join(repr(a) for a in arguments)
    if origin in (Union, UnionType):
        return " or ".join(describe(a) for a in arguments)
    if origin is tuple and arguments[-1] is Ellipsis:
        return "a list of " + _plural(arguments[0])
    if origin is tuple:
        return f"a list of exactly {len(arguments)} {_plural(arguments[0])}"
    return _SINGULAR.get(kind, "a table")


_SINGULAR: dict[Any, str] = {str: "a string", int: "a whole number", float: "a number", bool: "true or false"}
_PLURAL: dict[Any, str] = {str: "strings", int: "whole numbers", float: "numbers"}


def _plural(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return "lists, each of " + describe(kind).removeprefix("a list of ")
    return _PLURAL.get(kind, "tables")


def _fold(name: str) -> str:
    return re.sub(r"[-_\s.]", "", name).lower()


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _walk(value: object, kind: Any, key: Key, checks: Checks, *, partial: bool = False) -> Iterator[Fault]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        yield from _walk_union(value, arguments, kind, key, checks)
    elif _is_struct(kind) and isinstance(value, dict):
        yield from _walk_struct(value, kind, key, checks, partial=partial)
    elif origin is dict and isinstance(value, dict):
        for name, item in value.items():
            yield from _walk(item, arguments[1], (*key, name), checks)
    elif origin is tuple and isinstance(value, list) and _fits(value, arguments):
        for number, item in enumerate(value):
            inner = arguments[0] if arguments[-1] is Ellipsis else arguments[number]
            yield from _walk(item, inner, (*key, number), checks)
    elif origin is Literal:
        if value not in arguments:
            # All choices are listed anyway, so only a slip of the pen is worth a guess.
            near = suggest(value, arguments, cutoff=0.75) if isinstance(value, str) else ""
            yield _wrong_type(value, kind, key, near)
    elif not _is_scalar(value, kind):
        yield _wrong_type(value, kind, key)


def _walk_union(
    value: object, kinds: tuple[Any, ...], kind: Any, key: Key, checks: Checks
) -> Iterator[Fault]:
    outcomes = [tuple(_walk(value, k, key, checks)) for k in kinds]
    if all(outcomes):
        # Faults deeper down tell that the value was meant to be of that kind.
        inside = [faults for faults in outcomes if any(f.key != key for f in faults)]
        yield from inside[0] if inside else (_wrong_type(value, kind, key),)


def _walk_struct(
    table: dict[str, Any], kind: type[Struct], key: Key, checks: Checks, *, partial: bool
) -> Iterator[Fault]:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    found = False
    for name, value in table.items():
        here = (*key, name)
        if name not in fields:
            faults: tuple[Fault, ...] = (_unknown_key(here, fields),)
        else:
            faults = tuple(_walk(value, fields[name].type, here, checks))
            faults = faults or tuple(_check_value(value, checks.values.get((kind, name)), here))
        found = found or bool(faults)
        yield from faults
    for name, field in fields.items():
        if field.required and name not in table and not partial:
            found = True
            message = f"{dotted((*key, name))} is missing (expected {describe(field.type)})"
            yield Fault(key, "missing-key", message)
    if not found and kind in checks.tables:
        for name, message in checks.tables[kind](table):
            here = (*key, name) if name else key
            yield Fault(here, "bad-value", f"{dotted(here)} {message}".strip())


def _check_value(value: object, is_wrong: ValueCheck | None, key: Key) -> Iterator[Fault]:
    if is_wrong is None:
        return
    items = [((*key, n), v) for n, v in enumerate(value)] if isinstance(value, list) else [(key, value)]
    for where, item in items:
        phrase = is_wrong(item)
        if phrase:
            yield Fault(where, "bad-value", f"{dotted(where)} {shown(item)} {phrase}")


def _unknown_key(key: Key, fields: Iterable[str]) -> Fault:
    known = list(fields)
    prefix = dotted(key[:-1])
    near = suggest(str(key[-1]), known)
    if near and prefix:
        near = near.replace("'", f"'{prefix}.", 1)
    hint = near or " (expected one of " + ", ".join(known) + ")"
    return Fault(key, "unknown-key", f"{dotted(key)!r} is not a key here{hint}")


def _wrong_type(value: object, kind: Any, key: Key, near: str = "") -> Fault:
    return Fault(key, "wrong-type", f"{dotted(key)} is {shown(value)} (expected {describe(kind)}){near}")


def _fits(items: list[Any], arguments: tuple[Any, ...]) -> bool:
    return arguments[-1] is Ellipsis or len(items) == len(arguments)


def _is_scalar(value: object, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return kind in (str, bool) and isinstance(value, kind)

"""What is told beside a result: faults, and, if asked for, where each field came from."""

from __future__ import annotations

from digest.errors import Problem


class Notebook:
    """The faults of one file, and the origins of its fields where `origins` is a list."""

    __slots__ = ("origins", "path", "problems")

    def __init__(self, path: str, *, traced: bool) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.origins: list[tuple[str, str]] | None = [] if traced else None

    def note(self, field: str, origin: str) -> None:
        """Remember where a field came from."""
        if self.origins is not None:
            self.origins.append((field, origin))

    def problem(self, code: str, message: str, line: int = 0) -> None:
        """Report a fault that was worked around."""
        self.problems.append(Problem(code, message, self.path, line))

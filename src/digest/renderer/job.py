"""One file of the site to be rendered, as a value."""

from __future__ import annotations

from msgspec import Struct


class Job(Struct, frozen=True, gc=False):
    """One output file: where it goes, the template that makes it, and all that template reads.

    `url` starts with `/` and holds no base path; `bodies` are the digests of the `Body`s
    the render reads; `origin` says who asked for it (a file's path, or `source rfi`).
    """

    url: str
    template: str
    view: Struct
    bodies: tuple[str, ...] = ()
    origin: str = ""

    @property
    def path(self) -> str:
        """Where the file stands under the output folder."""
        return (self.url + "index.html" if self.url.endswith("/") else self.url)[1:]

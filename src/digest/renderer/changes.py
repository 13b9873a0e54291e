"""When a page last changed, told from its versions alone."""

from __future__ import annotations

from datetime import datetime

from digest.model import Page


def last_change(page: Page) -> datetime | None:
    """When the title or the text last changed, as far as the scrapes show; None where undated.

    A page scraped once, or scraped again unchanged, changed last when it appeared
    (`Page.moment`). A later version with another title or body counts from when it
    was fetched, never from a clock.
    """
    latest = page.moment
    if latest is None or len(page.versions) == 1:
        return latest
    former = page.versions[0]
    for version in page.versions[1:]:
        changed = version.title != former.title or version.body != former.body
        if changed and version.fetched is not None and version.fetched > latest:
            latest = version.fetched
        former = version
    return latest

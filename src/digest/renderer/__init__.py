"""Digest to bytes: what each page shows (`views`), which pages there are (`plan`), how they look."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from digest.renderer.feed_views import FEED_VIEWS
from digest.renderer.views import PAGE_VIEWS

__all__ = ["VIEWS"]

VIEWS: Mapping[str, type[Struct]] = {**PAGE_VIEWS, **FEED_VIEWS}
"""Every template and the view it is given; the build sends views to its workers by this table."""

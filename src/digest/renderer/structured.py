"""What machines read in an article page: schema.org's NewsArticle as JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

if TYPE_CHECKING:
    from digest.renderer.views import ArticleView

_encode = msgspec.json.Encoder().encode


def describe_article(view: ArticleView) -> Markup:
    """The article as a JSON object, safe inside `<script type=application/ld+json>`.

    The publisher is the outlet; `isBasedOn` is the original. Only what the data says is said.
    """
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": view.title,
    }
    moment = view.moment
    if moment is not None and not moment.collected:
        data["datePublished"] = moment.stamp
    if view.modified:
        data["dateModified"] = view.modified
    if view.authors:
        data["author"] = [{"@type": "Person", "name": name} for name in view.authors]
    data["publisher"] = {"@type": "Organization", "name": view.source.title}
    if view.link:
        data["isBasedOn"] = view.link
    # Without `<` nothing in it can end the script element.
    return Markup(_encode(data).replace(b"<", b"\\u003c").decode())  # noqa: S704

"""The reading of an outlet that no profile knows: class names, roles and bylines the web shares.

Only what can hardly be text is stripped: share boxes, forms, navigation; blocks of related
links only where all their words are links.
"""

from __future__ import annotations

from digest.sources.profile import AuthorRule, CaptionRule, DateRule, Profile, StripRule

_RELATED = (
    ".related, .related-posts, .related-articles, .jp-relatedposts, .yarpp-related, .recommended, "
    ".read-more-links"
)
_NAVIGATION = (
    "nav, [role=navigation], .breadcrumb, .breadcrumbs, .pagination, .post-navigation, .nav-links, .skip-link"
)
_SHARE = (
    ".share, .sharing, .social-share, .share-buttons, .sharedaddy, .social-links, .sd-sharing, "
    ".jiathis_style, .addtoany_share_save_container, .bdsharebuttonbox, .at-share-btn-elements, "
    "share-button, share-modal"
)
_COMMENTS = "#comments, #disqus_thread, .comments-area, .comment-respond, .fb-comments"
_PROMOTION = (
    ".newsletter, .newsletter-signup, .subscribe-form, .subscription-widget, .cookie-banner, .cookie-notice, "
    "#cookie-notice, .gdpr, .adsbygoogle, .advertisement, .ad-container, ins.adsbygoogle, "
    "[id^=google_ads], [id^=div-gpt-ad]"
)
_HAN_NAME = r"[\u4e00-\u9fff·•・]{2,12}"
_LATIN_NAME = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}"
_NAMES = rf"{_HAN_NAME}(?:[ 、,，/]{_HAN_NAME}){{0,4}}|{_LATIN_NAME}"
_PUBLISHED = r"(?:发布时间|發布時間|发表于|發表於|Published(?: on)?)"


def generic_profile(slug: str = "", name: str = "") -> Profile:
    """The profile of an unknown outlet."""
    return Profile(
        slug=slug,
        name=name,
        timezone="UTC",
        dates=(
            DateRule(css="meta[itemprop=datePublished]", attr="content"),
            DateRule(
                css="time[itemprop=datePublished], time.published, time.entry-date, time[pubdate]",
                attr="datetime",
            ),
            DateRule(css="time[datetime]", attr="datetime"),
            DateRule(css=".published, .post-date, .entry-date, .article-date, .publish-time, .pubtime"),
            DateRule(opening=rf"\A\s*{_PUBLISHED}\s*[：:]?\s*(\d{{4}}[-/年.][^\n]{{3,24}})"),
        ),
        authors=(
            AuthorRule(css="a[rel=author], [itemprop=author] [itemprop=name], .byline .author, .author-name"),
            AuthorRule(
                opening=rf"\A\s*(?:作者|记者|記者|撰文|文)\s*[：:／/|｜]\s*({_NAMES})\s*\Z", fallback=True
            ),
            AuthorRule(opening=rf"\A\s*[Bb]y:? ({_NAMES})\s*\Z", fallback=True),
            AuthorRule(front=True, fallback=True),
        ),
        lead=("p.lead", "p.standfirst", ".article-summary", ".entry-summary", "p.abstract"),
        caption=CaptionRule(
            css=(".wp-caption-text", ".image-caption", ".photo-caption", ".caption-text"),
            credit_css=("figcaption .credit", "figcaption .copyright", ".photo-credit"),
        ),
        tags=("a[rel=tag]",),
        related=(".related a[href]", ".jp-relatedposts a[href]", ".related-posts a[href]"),
        strip=(
            StripRule(rule="share box", css=_SHARE),
            StripRule(rule="navigation", css=_NAVIGATION),
            StripRule(rule="comments", css=_COMMENTS),
            StripRule(rule="promotion", css=_PROMOTION),
            StripRule(rule="related", css=_RELATED, links_only=True),
            StripRule(rule="footer", css="body > footer, [role=contentinfo]"),
        ),
    )

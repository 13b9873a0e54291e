"""The elements of HTML, by what they mean for running text."""

from __future__ import annotations

VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track "
    "wbr".split()
)

# Whatever is not inline ends a paragraph.
BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup html legend li listing main "
    "marquee menu nav ol optgroup p plaintext pre search section summary table tbody td tfoot th "
    "thead tr ul xmp".split()
)
# Those that mean nothing more than that.
PLAIN_BLOCK = BLOCK - frozenset(
    "blockquote dir figcaption figure h1 h2 h3 h4 h5 h6 li listing menu ol plaintext pre table td th tr "
    "ul xmp".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
VERBATIM = frozenset(("pre", "listing", "xmp", "plaintext"))
MEDIA = frozenset(("iframe", "video", "audio", "object", "embed"))

# Inline elements that are kept, and the name they are written by; all others are unwrapped.
INLINE = dict.fromkeys(
    "cite code del em ins kbd mark q rp rt ruby s samp small strong sub sup u var".split(), ""
) | {"b": "strong", "i": "em", "tt": "code", "strike": "s"}
INLINE = {name: target or name for name, target in INLINE.items()}

# Elements whose words were never meant to be read in the text, and the rule they leave it by.
UNREAD = {
    **dict.fromkeys("button select textarea datalist option".split(), "form"),
    **dict.fromkeys("audio video object iframe applet canvas noembed noframes".split(), "embed"),
    "svg": "svg",
    "noscript": "noscript",
    "title": "head",
}

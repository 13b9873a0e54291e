"""Why a site is not published.

PublishError     git, a remote or a folder cannot be used as it is given
└── Refusal      the site, or what lies at its destination, is not in a state to be published over
"""

from __future__ import annotations

from digest.errors import DigestError


class PublishError(DigestError):
    """Git, a remote or a folder that cannot be used as it is given."""


class Refusal(PublishError):
    """A state that is not published, or not published over. `hint` tells what would change that."""

    exit_code = 1

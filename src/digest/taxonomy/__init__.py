"""From `Version`s to the `Digest`: versions, corrections, topics, threads, listings, local links."""

from digest.taxonomy.assemble import assemble
from digest.taxonomy.topics import TopicRules, classify

__all__ = ["TopicRules", "assemble", "classify"]

"""From `Version`s to the `Digest`: versions, corrections, topics, threads, listings, local links."""

from digest.taxonomy.assemble import Survey, assemble, complete, survey
from digest.taxonomy.topics import TopicRules, classify

__all__ = ["Survey", "TopicRules", "assemble", "classify", "complete", "survey"]

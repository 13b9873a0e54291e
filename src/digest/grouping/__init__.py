"""Grouping: which articles tell one story. Pure; sketches come in, a `Grouping` goes out."""

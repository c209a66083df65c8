"""Projections of one verdict: each module is one format, with `FORMAT`, `SUFFIX` and `render(verdict) -> bytes`."""

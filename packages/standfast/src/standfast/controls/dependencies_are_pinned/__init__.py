"""Every dependency is pinned by version and hash."""

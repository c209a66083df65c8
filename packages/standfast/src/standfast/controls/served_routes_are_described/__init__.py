"""Every operation that is served is described."""

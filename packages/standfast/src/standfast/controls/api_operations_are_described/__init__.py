"""Every operation of the API is described."""

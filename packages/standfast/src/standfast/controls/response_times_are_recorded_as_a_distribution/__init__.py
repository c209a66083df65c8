"""Response times are recorded as a distribution."""

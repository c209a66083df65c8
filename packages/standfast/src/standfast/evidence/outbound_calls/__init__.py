"""Which calls leave the process, and whether they end in time."""

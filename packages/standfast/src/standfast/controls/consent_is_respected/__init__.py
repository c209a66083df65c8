"""Nothing that needs consent happens without it."""

"""Everything that runs in production was approved and passed its gates."""

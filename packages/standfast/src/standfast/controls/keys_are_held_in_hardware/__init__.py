"""Keys live in a hardware module or a managed key service and cannot leave it."""

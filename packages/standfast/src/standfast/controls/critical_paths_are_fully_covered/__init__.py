"""Critical paths are fully covered."""

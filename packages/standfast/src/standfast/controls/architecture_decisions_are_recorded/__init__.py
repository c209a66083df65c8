"""Architecture decisions are recorded."""

"""End-to-end tests exist and run."""

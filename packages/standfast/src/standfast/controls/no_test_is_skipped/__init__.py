"""No test is skipped or expected to fail."""

"""Each acceptance criterion has a passing test."""

"""What a running service answered when it was put to the test."""

"""The monitoring runs: its targets answer and its rules are evaluated."""

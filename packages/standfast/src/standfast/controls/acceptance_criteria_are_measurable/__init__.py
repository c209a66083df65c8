"""Acceptance criteria are measurable."""

"""Approvals are of the text as it stands."""

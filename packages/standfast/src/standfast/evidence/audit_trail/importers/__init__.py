"""Readers of statements about the audit trail."""

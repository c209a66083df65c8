"""Readers of statements about the retention of logs."""

"""Readers of licence reports."""

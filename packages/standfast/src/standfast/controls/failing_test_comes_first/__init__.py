"""Behaviour changes are shown by a test that failed before."""

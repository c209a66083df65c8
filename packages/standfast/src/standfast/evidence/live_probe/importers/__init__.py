"""Readers of reports of live probes."""

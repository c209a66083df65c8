"""Readers of reports of TLS scanners."""

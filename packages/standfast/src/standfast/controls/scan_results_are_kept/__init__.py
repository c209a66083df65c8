"""Scan results are kept for as long as the standard says."""

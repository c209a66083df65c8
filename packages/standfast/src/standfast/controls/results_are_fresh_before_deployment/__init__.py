"""Scans and benchmarks are fresh before the deployment."""

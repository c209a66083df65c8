"""Backup and restore are described step by step."""

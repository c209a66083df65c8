"""Canary steps have their share for their time."""

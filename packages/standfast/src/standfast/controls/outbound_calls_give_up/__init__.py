"""Calls to other services give up in time."""

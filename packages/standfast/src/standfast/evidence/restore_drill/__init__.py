"""Restores of a backup, as they were drilled."""

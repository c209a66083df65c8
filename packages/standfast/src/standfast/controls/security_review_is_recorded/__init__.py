"""The change was examined with an eye on security."""

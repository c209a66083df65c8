"""The phases of the session follow each other."""

"""The types of every source file are checked."""

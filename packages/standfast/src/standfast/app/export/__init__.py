"""What is handed to people outside: bundles that can be verified without Standfast."""

"""One folder per control; adding one touches no other file."""

"""Whether the code is as its formatter would write it."""

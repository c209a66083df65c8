"""The code is as its formatter writes it."""

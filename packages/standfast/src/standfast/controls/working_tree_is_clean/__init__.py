"""The working tree is what was committed."""

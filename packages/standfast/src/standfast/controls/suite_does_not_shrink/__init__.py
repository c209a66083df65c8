"""The suite does not shrink."""

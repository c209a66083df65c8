"""The suite is not empty."""

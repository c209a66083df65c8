"""The threat model names every group of operations of the API."""

"""Reports agree with their own items."""

"""Web pages load within their limits."""

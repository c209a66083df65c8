"""Zones without card data cannot reach those with it."""

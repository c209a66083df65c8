"""No field stores card data."""

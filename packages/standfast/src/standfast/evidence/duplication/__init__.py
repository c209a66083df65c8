"""Code that stands in the product more than once."""

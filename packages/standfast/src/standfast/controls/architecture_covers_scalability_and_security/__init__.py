"""The architecture says how it scales and where it can be attacked."""

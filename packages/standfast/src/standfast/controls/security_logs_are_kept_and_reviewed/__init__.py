"""Security logs are kept a year and somebody looks at them."""

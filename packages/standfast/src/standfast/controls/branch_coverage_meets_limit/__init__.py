"""Branch coverage meets the limit."""

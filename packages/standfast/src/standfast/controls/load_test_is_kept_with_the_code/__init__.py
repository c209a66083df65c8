"""A load test is kept with the code."""

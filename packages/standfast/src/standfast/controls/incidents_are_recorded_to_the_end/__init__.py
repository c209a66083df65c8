"""Each incident is recorded to its end."""

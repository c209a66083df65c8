"""Each log line is structured and carries its correlation id."""

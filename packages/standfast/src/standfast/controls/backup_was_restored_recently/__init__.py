"""A backup was restored recently, and what came back was right."""

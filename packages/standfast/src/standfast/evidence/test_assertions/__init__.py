"""Whether each test asserts something, by its own text."""

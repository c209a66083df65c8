"""The project's errors share one base."""

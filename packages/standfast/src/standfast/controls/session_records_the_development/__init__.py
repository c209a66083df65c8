"""The session records test runs, gate results and review."""

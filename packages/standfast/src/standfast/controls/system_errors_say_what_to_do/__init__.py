"""System errors say what to do."""

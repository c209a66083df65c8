"""The code sets the time limits of its database sessions."""

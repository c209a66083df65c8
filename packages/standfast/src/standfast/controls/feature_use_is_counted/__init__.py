"""The use of features is counted."""

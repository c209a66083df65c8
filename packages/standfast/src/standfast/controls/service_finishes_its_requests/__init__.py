"""The service finishes its requests before it stops."""

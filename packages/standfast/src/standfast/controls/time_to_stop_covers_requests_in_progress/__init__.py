"""The time to stop covers the requests in progress."""

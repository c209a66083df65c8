"""The code sets up structured logs with the id of the request."""

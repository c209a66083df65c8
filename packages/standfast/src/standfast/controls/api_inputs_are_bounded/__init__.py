"""Every input of the API is bounded."""

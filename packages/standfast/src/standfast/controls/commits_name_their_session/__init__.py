"""Every commit names the session or issue it belongs to."""

"""Every certificate is trusted and does not expire soon."""

"""Every tool examined all that there is."""

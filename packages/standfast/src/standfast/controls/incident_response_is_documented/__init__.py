"""The response to incidents is planned."""

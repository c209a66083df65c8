"""The service answers when it is asked for its health."""

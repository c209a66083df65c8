"""The session records requirements, decisions and security considerations."""

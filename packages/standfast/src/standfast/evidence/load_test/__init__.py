"""How the service answered under load."""

"""How fast pages load."""

"""Tools that analyse code for weaknesses."""

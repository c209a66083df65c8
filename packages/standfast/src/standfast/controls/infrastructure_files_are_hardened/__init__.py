"""Infrastructure files hold no severe weakness."""

"""Container files hold no severe weakness."""

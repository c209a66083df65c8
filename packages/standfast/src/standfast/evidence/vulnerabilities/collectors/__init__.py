"""Tools that look packages up in vulnerability databases."""

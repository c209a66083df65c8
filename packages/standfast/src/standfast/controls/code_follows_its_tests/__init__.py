"""Code is only as much as its tests ask for."""

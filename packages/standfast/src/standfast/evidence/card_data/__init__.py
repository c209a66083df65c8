"""Card numbers and card fields in the repository."""

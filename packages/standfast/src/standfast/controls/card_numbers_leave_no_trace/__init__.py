"""A card number that is posted is nowhere afterwards."""

"""A person has validated that the feature does what was asked for."""

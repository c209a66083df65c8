"""A person has validated that the feature is built to last."""

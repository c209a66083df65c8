"""A person has validated that the feature is fast enough."""

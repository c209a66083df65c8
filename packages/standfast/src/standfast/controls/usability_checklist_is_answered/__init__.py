"""A person has validated that the feature can be used by everyone."""

"""A person has validated that the feature is safe."""

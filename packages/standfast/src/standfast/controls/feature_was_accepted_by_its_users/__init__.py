"""The person who asked for the feature has accepted it."""

"""The approval of the review is on record."""

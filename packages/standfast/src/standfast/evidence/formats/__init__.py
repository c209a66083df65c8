"""Readers of the forms in which reports come, whatever kind of evidence they hold; strict in what they take."""

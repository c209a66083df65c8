"""The change itself: its commits, who made them, what they name and what they touch."""

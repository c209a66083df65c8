"""The completion of user flows is counted."""

"""The books are reconciled and every difference is explained."""

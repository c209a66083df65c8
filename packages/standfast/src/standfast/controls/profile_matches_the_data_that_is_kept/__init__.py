"""The profile does not deny data that the project handles."""

"""The profile does not deny what the project is made of."""

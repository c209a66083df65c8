"""Critical alerts reach a person at once."""

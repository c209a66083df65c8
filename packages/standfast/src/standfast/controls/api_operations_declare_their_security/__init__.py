"""Every operation says which credentials it needs."""

"""The bill of materials lists every delivered package."""

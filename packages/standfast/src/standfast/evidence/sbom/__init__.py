"""What the product is made of: its bill of materials."""

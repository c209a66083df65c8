"""How long logs are kept, and who looks at them."""

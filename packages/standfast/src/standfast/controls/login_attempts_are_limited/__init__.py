"""Login attempts are limited."""

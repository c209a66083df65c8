"""Every script of a payment page is known and unchanged."""

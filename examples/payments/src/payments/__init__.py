"""A small card payments service with a ledger that always balances."""

__version__ = "0.1.0"

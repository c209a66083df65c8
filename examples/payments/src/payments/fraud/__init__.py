"""Fraud screening: the provider's client, and a stand-in for the sandbox."""

"""Compliance was verified by a person responsible for it."""

"""Cryptography is modern."""

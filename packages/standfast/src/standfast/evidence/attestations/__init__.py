"""Attestations: what a named person says in a role, because no tool can prove it."""

"""Typed evidence: one folder per kind, with its schema, importers, collectors and samples."""

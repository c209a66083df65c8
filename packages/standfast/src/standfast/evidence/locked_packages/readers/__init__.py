"""Readers of lock files and manifests, one module for each family of tools."""

"""Find our own parts and those of others: controls, importers, collectors, report formats."""

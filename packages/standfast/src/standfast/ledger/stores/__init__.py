"""Where a ledger is kept: one contract, and a module per database."""

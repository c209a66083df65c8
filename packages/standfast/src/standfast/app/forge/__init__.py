"""Where a change is discussed: one port, and an adapter for each forge; what is told there mirrors the ledger."""

"""What a ledger keeps for years beside its entries, and how it goes: sealed, held, erased, pruned, written once."""

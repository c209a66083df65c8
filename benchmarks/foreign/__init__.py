"""Other people's programs read and verify a ledger of ours."""

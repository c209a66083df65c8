"""The ledger of a working copy: where it is, how it is made and opened, and what goes into it."""

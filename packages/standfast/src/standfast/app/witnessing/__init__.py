"""To be the witness of other people's ledgers, and to ask one for a cosignature."""

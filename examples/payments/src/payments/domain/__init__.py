"""The rules of payments: pure values, no clock, no disk, no network."""

"""How long an auditor waits: a bundle of a million entries is verified, and a sample of it."""

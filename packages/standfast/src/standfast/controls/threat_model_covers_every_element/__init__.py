"""The threat model covers every element."""

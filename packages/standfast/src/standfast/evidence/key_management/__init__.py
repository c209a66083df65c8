"""How cryptographic keys are kept."""

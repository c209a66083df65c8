"""Whether the project tells its tools less strictly what to do than it did before."""

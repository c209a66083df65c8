"""The pure decision: evidence and a standard in, outcomes and a verdict out."""

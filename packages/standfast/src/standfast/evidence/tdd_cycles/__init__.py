"""Whether tests came before the code."""

"""Whether every change of data left a trace."""

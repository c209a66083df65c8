"""Every change and every denial leaves exactly one audit event."""

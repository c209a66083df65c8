"""Every stored personal field is in the record of processing."""

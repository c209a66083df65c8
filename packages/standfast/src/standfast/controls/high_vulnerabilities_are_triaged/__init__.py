"""Every known high vulnerability is triaged."""

"""Every severe threat is mitigated or accepted by an owner."""

"""Access is reviewed every quarter and what was revoked is gone."""

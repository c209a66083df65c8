"""Each rollback trigger was rehearsed."""

"""An alert fires before a resource is exhausted."""

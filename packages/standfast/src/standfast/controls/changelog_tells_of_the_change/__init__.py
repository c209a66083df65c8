"""The changelog tells of the change."""

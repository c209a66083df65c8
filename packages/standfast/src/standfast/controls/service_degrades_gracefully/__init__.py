"""The service degrades gracefully without what it depends on."""

"""Every alert watches a metric that exists."""

"""Medium weaknesses are triaged."""

"""Alert rules and where their alerts are sent."""

"""An alert fires when an external service fails."""

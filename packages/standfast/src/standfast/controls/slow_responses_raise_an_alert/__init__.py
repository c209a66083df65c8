"""An alert fires when responses are slow."""

"""An alert fires when requests fail."""

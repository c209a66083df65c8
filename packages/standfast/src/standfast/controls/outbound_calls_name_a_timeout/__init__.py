"""Every outbound call names a time limit."""

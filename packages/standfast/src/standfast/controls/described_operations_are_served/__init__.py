"""What the API description promises is served."""

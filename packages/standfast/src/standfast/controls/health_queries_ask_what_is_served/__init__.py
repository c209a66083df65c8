"""What the platform asks for is served."""

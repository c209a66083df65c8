"""The architecture was reviewed by somebody other than its author."""

"""What a tool found that keeps people from using pages."""

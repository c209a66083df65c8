"""Personal data is removed when its retention ends."""

"""The metrics of the business are declared and defined."""

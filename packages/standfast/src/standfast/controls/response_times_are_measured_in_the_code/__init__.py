"""The code measures response times as a distribution."""

"""The packages of the container image were scanned."""

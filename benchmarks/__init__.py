"""Measurements of Standfast side by side with named peers; `make bench` runs them all."""

"""The bill of materials identifies every component."""

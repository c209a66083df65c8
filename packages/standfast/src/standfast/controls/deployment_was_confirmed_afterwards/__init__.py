"""The deployment was confirmed afterwards."""

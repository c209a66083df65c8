"""No change freeze is in force."""

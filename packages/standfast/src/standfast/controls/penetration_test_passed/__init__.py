"""A penetration test by independent testers passed."""

"""Critical alerts say to whom they escalate."""

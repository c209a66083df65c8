"""Reviews of the change: who looked at which state of it, and what they said."""

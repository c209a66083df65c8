"""How reports write what means the same everywhere: times, people, places, packages, severities, weaknesses."""

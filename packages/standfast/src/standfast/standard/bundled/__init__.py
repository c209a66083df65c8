"""The standards that come with Standfast, in its own words."""

"""Read what people wrote for Standfast: settings, waivers, standards."""

"""Where the code tells a tool to look away."""

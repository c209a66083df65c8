"""Facts about the repository itself: its inventory, its README, its lock files, its broken links."""

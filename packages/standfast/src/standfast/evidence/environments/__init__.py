"""Where a forge deploys to, and what stands before it."""

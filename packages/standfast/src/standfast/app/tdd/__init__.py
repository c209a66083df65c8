"""Prove from a history that its tests can fail: replay the commits, run their tests with and without them."""

"""People can see, correct and erase their data."""

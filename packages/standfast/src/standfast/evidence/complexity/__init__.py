"""How large and how branched functions and modules are."""

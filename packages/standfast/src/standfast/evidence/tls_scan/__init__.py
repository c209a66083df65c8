"""How the exposed endpoints encrypt."""

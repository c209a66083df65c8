"""How the code of a service sets up its logs, its database connections and its last resort for errors."""

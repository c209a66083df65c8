"""What the code of a service answers, and how it ends: routes, servers, signal handlers."""

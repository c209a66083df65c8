"""The HTTP face of the service: routes, schemas, problems, tokens, the request envelope."""

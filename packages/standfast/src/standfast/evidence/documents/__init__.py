"""Documents of the project: requirements, decisions, threat models, service levels, runbooks, procedures."""

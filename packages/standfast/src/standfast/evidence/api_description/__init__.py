"""The description of the API: its operations, examples, errors, security, and inputs without bounds."""

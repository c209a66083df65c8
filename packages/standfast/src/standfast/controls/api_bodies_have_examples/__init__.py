"""Every request and response of the API has an example."""

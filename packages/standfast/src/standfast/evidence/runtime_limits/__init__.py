"""Which time-outs and pools a running service has."""

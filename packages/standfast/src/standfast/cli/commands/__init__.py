"""One module per sub-command; each holds `command`, imported only when it is called."""

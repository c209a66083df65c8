"""No credential is hard-coded."""

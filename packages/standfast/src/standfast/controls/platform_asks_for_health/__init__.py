"""The platform asks every workload for its health."""

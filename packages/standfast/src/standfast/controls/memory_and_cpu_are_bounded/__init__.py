"""Memory and CPU of each workload are bounded."""

"""The session records passed gates, performance tests and the approval of security."""

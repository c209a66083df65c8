"""Bring evidence in: run the project's tools within bounds, or read the reports that other tools wrote."""

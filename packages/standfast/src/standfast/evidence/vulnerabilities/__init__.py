"""Known vulnerabilities of the packages that the project uses."""

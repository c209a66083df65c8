"""The release as a whole passed a security assessment."""

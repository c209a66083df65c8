"""The VEX documents that the project keeps."""

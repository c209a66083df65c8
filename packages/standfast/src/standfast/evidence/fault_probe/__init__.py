"""How the service behaves when what it depends on does not."""

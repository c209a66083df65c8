"""Links between documents lead somewhere."""

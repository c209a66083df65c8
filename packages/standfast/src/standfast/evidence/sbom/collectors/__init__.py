"""Tools that write bills of materials."""

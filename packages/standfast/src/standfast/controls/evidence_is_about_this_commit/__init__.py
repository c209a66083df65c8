"""All evidence is about the commit that is decided."""

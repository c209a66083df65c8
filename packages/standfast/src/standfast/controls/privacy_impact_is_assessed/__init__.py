"""The impact on privacy is assessed where the law asks for it."""

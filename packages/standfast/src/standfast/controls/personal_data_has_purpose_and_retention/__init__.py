"""Every recorded personal field has purpose, legal basis, retention and recipients."""

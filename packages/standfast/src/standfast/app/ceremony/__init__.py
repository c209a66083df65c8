"""A page on this machine on which a person touches an authenticator."""

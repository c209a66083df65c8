"""The text of a standard to clauses and typed limits: bytes in, `Standard` out; nothing here reads a file."""

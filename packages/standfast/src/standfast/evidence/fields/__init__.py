"""Where the project keeps data: the fields of its tables, entities and messages, read from its sources."""

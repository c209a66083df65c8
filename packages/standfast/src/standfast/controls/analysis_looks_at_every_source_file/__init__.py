"""Analysis looks at every source file."""

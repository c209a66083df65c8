"""The linter looks at every source file."""

"""Change sessions at the command line: who acts, what is recorded, what was hidden, and how it is shown."""

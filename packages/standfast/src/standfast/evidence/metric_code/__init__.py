"""Which metrics the code defines, before anything is measured."""

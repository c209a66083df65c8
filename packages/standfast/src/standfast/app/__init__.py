"""The only layer that touches the world: files, processes, the clock; and where the stages meet."""

"""Traffic is recorded and its trend is watched."""

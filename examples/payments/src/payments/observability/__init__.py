"""What operators see: one JSON line per event, one id per request, metrics."""

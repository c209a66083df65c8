"""Each mitigation names the control or test that holds it."""

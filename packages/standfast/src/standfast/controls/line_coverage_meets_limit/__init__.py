"""Line coverage meets the limit."""

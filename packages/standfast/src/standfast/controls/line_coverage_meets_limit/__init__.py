"""Line coverage meets the limit of the standard."""

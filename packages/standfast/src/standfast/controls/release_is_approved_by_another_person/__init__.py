"""The release is approved by somebody who did not write it."""

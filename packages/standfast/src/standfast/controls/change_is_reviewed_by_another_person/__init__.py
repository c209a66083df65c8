"""The change is approved by somebody who did not write it."""

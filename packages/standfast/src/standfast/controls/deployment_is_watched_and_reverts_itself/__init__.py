"""The deployment is watched and reverts itself."""

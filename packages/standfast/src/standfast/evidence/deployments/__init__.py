"""Deployments: how one was watched and what was confirmed afterwards."""
